using System.Net;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>Protected calls of a real SoapCore service over HTTP.</summary>
public sealed class RoundTripTests
{
    private static readonly SecurityPolicy Policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };

    private static readonly WsSecurityEndpoint Endpoint = new() { Policy = Policy, Credentials = TestKeys.ServiceCredentials };

    [TestCase(SoapVersion.Soap11, "text/xml")]
    [TestCase(SoapVersion.Soap12, "application/soap+xml")]
    public async Task Call_Protected_ReachesTheServiceAndTheReplyComesBackProtected(SoapVersion version, string mediaType)
    {
        await using var host = await EchoHost.StartAsync(Endpoint);
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials) { Version = version };

        var (wire, message, text) = await client.CallAsync("Echo", "Grüße & <angles>");

        Assert.That(text, Is.EqualTo("Grüße & <angles>"));
        Assert.That(wire.StatusCode, Is.EqualTo(200));
        Assert.That(wire.ContentType!.MediaType, Is.EqualTo(mediaType));
        Assert.That(wire.ContentType.CharSet, Is.EqualTo("utf-8"));
        Assert.That(wire.Text, Does.Not.Contain("angles").And.Contain("EncryptedData"));
        Assert.That(message.SoapVersion, Is.EqualTo(version));
        Assert.That(message.Evidence.Signatures.Single().Token!.Name, Is.EqualTo("CN=Service"));
        Assert.That(host.Echo.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Call_Protected_MakesTheSignerTheUser()
    {
        await using var host = await EchoHost.StartAsync(Endpoint);
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);

        Assert.That((await client.CallAsync("WhoAmI", null)).Text, Is.EqualTo("CN=Client, X509, 1 signature"));
    }

    [TestCase(SoapVersion.Soap11)]
    [TestCase(SoapVersion.Soap12)]
    public async Task Call_ServiceFaults_FaultComesBackProtected(SoapVersion version)
    {
        await using var host = await EchoHost.StartAsync(Endpoint);
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials) { Version = version };

        var (wire, message, text) = await client.CallAsync("Fail", "no such order");

        Assert.That(wire.StatusCode, Is.EqualTo(500));
        Assert.That(wire.Text, Does.Not.Contain("no such order"));
        Assert.That(message.IsFault, Is.True);
        Assert.That(message.Evidence.Signatures, Has.Count.EqualTo(1));
        Assert.That(text, Does.Contain("no such order"));
    }

    [Test]
    public async Task Call_OneWay_IsAnsweredWithoutAnEnvelope()
    {
        await using var host = await EchoHost.StartAsync(Endpoint);
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);

        var reply = await client.PostAsync(client.Protect("Notify", "done"), "Notify");

        Assert.That(reply.StatusCode, Is.AnyOf(200, 202));
        Assert.That(reply.Octets, Is.Empty);
        Assert.That(host.Echo.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Call_ManyAtOnce_EachGetsItsOwnReply()
    {
        await using var host = await EchoHost.StartAsync(Endpoint);
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);

        var texts = Enumerable.Range(0, 40).Select(number => $"message {number}").ToArray();
        var replies = await Task.WhenAll(texts.Select(async text => (await client.CallAsync("Echo", text)).Text));

        Assert.That(replies, Is.EqualTo(texts));
        Assert.That(host.Echo.Calls, Is.EqualTo(texts.Length));
    }

    [Test]
    public async Task Call_BodyInChunks_IsRead()
    {
        await using var host = await EchoHost.StartAsync(Endpoint);
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);

        var reply = await client.PostAsync(client.Protect("Echo", new string('x', 100_000)), change: request => request.Headers.TransferEncodingChunked = true);

        Assert.That(reply.StatusCode, Is.EqualTo(200));
        Assert.That(host.Echo.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Call_UserNameOverTls_MakesTheUserTheCaller()
    {
        var policy = SecurityPolicy.UserNameOverTransport;
        await using var host = await EchoHost.StartAsync(
            app => app.UseWsSecurity(EchoHost.Path, new WsSecurityEndpoint { Policy = policy, Credentials = new SecurityCredentials() }),
            builder =>
            {
                builder.Services.AddSingleton<IUsernameTokenValidator>(new SinglePassword("alice", "opensesame"));
                builder.WebHost.UseKestrelHttpsConfiguration();
                builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(TestKeys.Service)));
            });
        using var alice = new EchoClient(host, policy, new SecurityCredentials { UserName = "alice", Password = "opensesame" });
        using var mallory = new EchoClient(host, policy, new SecurityCredentials { UserName = "alice", Password = "guess" });

        Assert.That((await alice.CallAsync("WhoAmI", null)).Text, Is.EqualTo("alice, UsernameToken, 0 signature"));
        var refused = await mallory.PostAsync(mallory.Protect("WhoAmI", null), "WhoAmI");
        Assert.That(refused.FaultCode, Is.EqualTo("FailedAuthentication"));
        Assert.That(host.Log.Messages, Has.None.Contains("guess").And.None.Contains("opensesame"));
    }

    [TestCase("alice", null)]
    [TestCase("mallory", "FailedAuthentication")]
    public async Task Call_TokenOfOnesOwn_IsValidatedByTheHandlerOfTheHostsServices(string user, string? fault)
    {
        var policy = Policy with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.SignedEncrypted, Type = SecurityTokenType.Custom, Name = BadgeHandler.BadgeName }] };
        await using var host = await EchoHost.StartAsync(
            app => app.UseWsSecurity(EchoHost.Path, Endpoint with { Policy = policy }), builder => builder.Services.AddSingleton<ICustomTokenHandler>(new BadgeHandler("alice")));
        using var client = new EchoClient(host, policy, TestKeys.ClientCredentials with { TokenProvider = new BadgeHandler(user) });

        var reply = await client.PostAsync(client.Protect("WhoAmI", null), "WhoAmI");

        Assert.That(reply.FaultCode, Is.EqualTo(fault));
        Assert.That(host.Echo.Calls, Is.EqualTo(fault is null ? 1 : 0));
    }

    [Test]
    public async Task Call_UserNameWithoutTls_IsRefused()
    {
        var policy = SecurityPolicy.UserNameOverTransport;
        await using var host = await EchoHost.StartAsync(new WsSecurityEndpoint
        {
            Policy = policy,
            Credentials = new SecurityCredentials { UsernameTokenValidator = new SinglePassword("alice", "opensesame") },
        });
        using var alice = new EchoClient(host, policy, new SecurityCredentials { UserName = "alice", Password = "opensesame" }) { IsTransportProtected = true };

        var refused = await alice.PostAsync(alice.Protect("Echo", "x"));

        Assert.That(refused.FaultCode, Is.EqualTo("InvalidSecurity"));
        Assert.That(host.Log.Failures, Is.Not.Empty.And.All.EqualTo(SecurityFailure.TransportNotProtected));
        Assert.That(host.Echo.Calls, Is.Zero);
    }

    [Test]
    public async Task Call_UnsecuredResponsePolicy_IsAnsweredInPlain()
    {
        var policy = SecurityPolicy.MutualCertificateDuplex with { EnableUnsecuredResponse = true };
        await using var host = await EchoHost.StartAsync(Endpoint with { Policy = policy });
        using var client = new EchoClient(host, policy, TestKeys.ClientCredentials);

        var (wire, message, text) = await client.CallAsync("Echo", "in plain");

        Assert.That(text, Is.EqualTo("in plain"));
        Assert.That(wire.Text, Does.Contain("in plain").And.Not.Contain("Security"));
        Assert.That(message.Evidence, Is.EqualTo(ProtectionEvidence.None));
    }

    [Test]
    public async Task Call_EndpointFromConfiguration_IsProtected()
    {
        using var files = new TemporaryFolder();
        File.WriteAllText(Path.Combine(files.Path, "service.pem"), TestKeys.Service.ExportCertificatePem() + "\n" + TestKeys.Service.GetRSAPrivateKeyPem());
        File.WriteAllText(Path.Combine(files.Path, "ca.pem"), TestKeys.Authority.ExportCertificatePem());
        await using var host = await EchoHost.StartAsync(
            app => app.UseWsSecurity(EchoHost.Path, "Echo"),
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["WsSecurity:Bindings:Echo:AuthenticationMode"] = "MutualCertificateDuplex",
                    ["WsSecurity:Bindings:Echo:RequireSignatureConfirmation"] = "true",
                    ["WsSecurity:Bindings:Echo:Credentials:Certificate:Path"] = Path.Combine(files.Path, "service.pem"),
                    ["WsSecurity:Bindings:Echo:TrustDomains:Partners:Anchors:0"] = Path.Combine(files.Path, "ca.pem"),
                });
                builder.Services.AddWsSecurity("Echo", endpoint => endpoint with { EndpointAddress = new Uri("https://echo.example.org/") });
            });
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);

        Assert.That((await client.CallAsync("Echo", "configured", To("https://echo.example.org/"))).Text, Is.EqualTo("configured"));
    }

    [Test]
    public async Task Call_AfterTheServicesCertificateFileChanged_IsAnsweredWithTheNewOne()
    {
        using var files = new TemporaryFolder();
        var (certificate, authority) = (Path.Combine(files.Path, "service.pem"), Path.Combine(files.Path, "ca.pem"));
        File.WriteAllText(certificate, TestKeys.Stranger.ExportCertificatePem() + "\n" + TestKeys.Stranger.GetRSAPrivateKeyPem());
        File.WriteAllText(authority, TestKeys.Authority.ExportCertificatePem());
        var time = new JumpingTime();
        await using var host = await EchoHost.StartAsync(
            app => app.UseWsSecurity(EchoHost.Path, "Echo"),
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["WsSecurity:Bindings:Echo:AuthenticationMode"] = "MutualCertificateDuplex",
                    ["WsSecurity:Bindings:Echo:RequireSignatureConfirmation"] = "true",
                    ["WsSecurity:Bindings:Echo:Credentials:Certificate"] = certificate,
                    ["WsSecurity:Bindings:Echo:TrustDomains:Partners:Anchors:0"] = authority,
                });
                builder.Services.AddSingleton<TimeProvider>(time);
                builder.Services.AddWsSecurity("Echo");
            });
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);
        Assert.That(() => client.CallAsync("Echo", "before"), Throws.Exception, "the key is encrypted for the certificate to come");

        File.WriteAllText(certificate, TestKeys.Service.ExportCertificatePem() + "\n" + TestKeys.Service.GetRSAPrivateKeyPem());
        time.Jump(TimeSpan.FromMinutes(1));
        Assert.That(() => client.CallAsync("Echo", "seen"), Throws.Exception);
        time.Jump(TimeSpan.FromMinutes(1));
        Assert.That((await client.CallAsync("Echo", "after")).Text, Is.EqualTo("after"));
    }

    [Test]
    public async Task Call_SignedToIsThisEndpoint_IsAccepted()
    {
        await using var host = await EchoHost.StartAsync(Endpoint);
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);

        Assert.That((await client.CallAsync("Echo", "here", To(host.Address.ToString()))).Text, Is.EqualTo("here"));
    }

    internal static XElement To(string address) => new(XNamespace.Get("http://www.w3.org/2005/08/addressing") + "To", address);

    internal static XElement Action(string action) => new(XNamespace.Get("http://www.w3.org/2005/08/addressing") + "Action", action);
}
