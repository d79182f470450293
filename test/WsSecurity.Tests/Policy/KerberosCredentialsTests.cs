using NUnit.Framework;

namespace WsSecurity.Tests.Policy;

/// <summary>What the Kerberos modes need is told when a role is created. No ticket is asked for yet.</summary>
[Platform("Linux")]
public sealed class KerberosCredentialsTests
{
    private static readonly SecurityPolicy[] Policies =
    [
        SecurityPolicy.Kerberos, SecurityPolicy.KerberosOverTransport,
        SecurityPolicy.UserNameOverTransport with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Kerberos }] },
    ];

    private static readonly SecurityCredentials Service = new()
    {
        KerberosService = new KerberosServiceCredential(),
        TrustDomains = [new TrustDomain { Name = "staff", KerberosRealms = ["EXAMPLE.COM"] }],
        UsernameTokenValidator = new Nobody(),
    };

    private static readonly SecurityCredentials Client = new()
    {
        KerberosClient = new KerberosClientCredential { ServicePrincipal = "HTTP/orders.example.com" },
        UserName = "alice",
        Password = "wonderland",
    };

    [TestCaseSource(nameof(Policies))]
    public void Roles_WithTheirCredentials_AreCreated(SecurityPolicy policy)
    {
        Assert.That(() => new Initiator(policy, Client), Throws.Nothing);
        Assert.That(() => new Recipient(policy, Service), Throws.Nothing);
    }

    [TestCaseSource(nameof(Policies))]
    public void Roles_WithoutThem_AreRefusedByTheirNames(SecurityPolicy policy)
    {
        Assert.That(() => new Initiator(policy, Client with { KerberosClient = null }), Throws.ArgumentException.With.Message.Contains("KerberosClient"));
        Assert.That(() => new Recipient(policy, Service with { KerberosService = null }), Throws.ArgumentException.With.Message.Contains("KerberosService"));
        Assert.That(() => new Recipient(policy, Service with { TrustDomains = [] }), Throws.ArgumentException.With.Message.Contains("KerberosRealms"));
    }

    private sealed class Nobody : IUsernameTokenValidator
    {
        public ValueTask<IReadOnlyList<System.Security.Claims.Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken) => default;
    }
}
