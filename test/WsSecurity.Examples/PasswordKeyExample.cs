using System.Buffers;
using System.Security.Claims;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace WsSecurity.Examples;

/// <summary>The README's example of passwords that are keys, run.</summary>
public sealed class PasswordKeyExample
{
    private static readonly byte[] Plain = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><ping xmlns=\"urn:x\"/></s:Body></s:Envelope>"u8.ToArray();

    [Test]
    public void Request_ByThePasswordsKey_ProvesTheUser()
    {
        var wire = new ArrayBufferWriter<byte>();
        var client = new SecurityCredentials { UserName = "alice", Password = "a long random one" };
        using var pending = new Initiator(SecurityPolicy.UserNameDerivedKey, client).ProtectRequest(Plain, MessageContext.Empty, wire);
        var service = new SecurityCredentials { UsernameTokenValidator = new Branches(new Dictionary<string, string> { ["alice"] = "a long random one" }) };
        using var request = new Recipient(SecurityPolicy.UserNameDerivedKey, service).VerifyRequest(wire.WrittenMemory, MessageContext.Empty);
        Assert.That(request.Message.Principal.IsInRole("branch"), Is.True);
    }

    [Test]
    public void Readme_PasswordKeyConfiguration_IsAClientAndTwoServices()
    {
        var json = ReadmeTests.ReadBlocks("```json").Single(block => block.Contains("BranchClient", StringComparison.Ordinal));
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
        var configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();
        var options = new BindingConfigurationOptions { EnvironmentName = "Development" };
        var client = BindingConfiguration.Load(configuration, "BranchClient", options);
        var service = BindingConfiguration.Load(configuration, "Branch", options);

        var wire = new ArrayBufferWriter<byte>();
        using var pending = new Initiator(client.Policy, client.Credentials).ProtectRequest(Plain, MessageContext.Empty, wire);
        using var request = new Recipient(service.Policy, service.Credentials).VerifyRequest(wire.WrittenMemory, MessageContext.Empty);
        Assert.That(request.Message.Principal.Identity!.Name, Is.EqualTo("alice"));

        var overTls = BindingConfiguration.Load(configuration, "BranchOverTls", options);
        var tls = new MessageContext { IsTransportProtected = true };
        wire.Clear();
        using var endorsed = new Initiator(overTls.Policy, client.Credentials).ProtectRequest(Plain, tls, wire);
        using var second = new Recipient(overTls.Policy, overTls.Credentials).VerifyRequest(wire.WrittenMemory, tls);
        Assert.That(second.Message.Principal.Identity!.Name, Is.EqualTo("alice"));
    }

    // readme: password keys
    sealed class Branches(IReadOnlyDictionary<string, string> passwords) : IUsernameTokenKeySource
    {
        public ValueTask<byte[]?> DeriveKeyAsync(UsernameTokenCredential token, CancellationToken cancellation) =>
            new(passwords.TryGetValue(token.UserName, out var password) ? token.DeriveKey(password) : null);

        public ValueTask<IReadOnlyList<Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellation) =>
            new(passwords.TryGetValue(token.UserName, out var password) && token.Matches(password) ? [new Claim(ClaimTypes.Role, "branch")] : null);
    }
    // readme: end
}
