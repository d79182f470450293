using System.Security.Claims;

namespace WsSecurity.Interop.MonoWcf;

/// <summary>Our side of a binding: the policy that the peer's own configuration makes, and the credentials of a folder of keys.</summary>
internal static class Parties
{
    /// <summary>The policy as the configuration says it, with what Mono does otherwise than .NET Framework.</summary>
    public static SecurityPolicy Policy(string profile)
    {
        var policy = Configured(profile);

        // .NET Framework signs by the suite's algorithm, RSA-SHA1 in Basic256. Mono leaves the choice to SignedXml, which takes RSA-SHA256.
        if (SignsByCertificateAndSha1(profile))
        {
            policy = policy with { SignatureAlgorithms = [SignatureAlgorithmName.RsaSha256] };
        }

        // Where a binding keeps the Basic Security Profile, .NET Framework writes the type of derived keys into references to them. Mono cannot read it.
        return policy.MessageSecurityVersion == MessageSecurityVersion.Wss11 ? policy with { EmitBspRequiredAttributes = false } : policy;
    }

    /// <summary>The policy as the configuration says it.</summary>
    public static SecurityPolicy Configured(string profile) => SecurityPolicy.FromAppConfig(Profiles.Configuration, profile);

    /// <summary>Whether Mono's signatures are other ones than the configuration says.</summary>
    public static bool SignsByCertificateAndSha1(string profile) =>
        Configured(profile) is { AuthenticationMode: AuthenticationMode.MutualCertificate } policy && policy.DefaultAlgorithmSuite == AlgorithmSuite.Basic256;

    public static SecurityCredentials Client(string keys)
    {
        var (user, password) = TestKeys.ReadUser(keys);
        return new SecurityCredentials
        {
            Certificate = TestKeys.Read(keys, "client"),
            PeerCertificates = [TestKeys.ReadPublic(keys, "service")],
            UserName = user,
            Password = password,
        };
    }

    public static SecurityCredentials Service(string keys)
    {
        var (user, password) = TestKeys.ReadUser(keys);
        return new SecurityCredentials
        {
            Certificate = TestKeys.Read(keys, "service"),
            PeerCertificates = [TestKeys.ReadPublic(keys, "client")],
            TrustDomains = [new TrustDomain { Name = "interop", Anchors = [TestKeys.ReadAuthority(keys)] }],
            UsernameTokenValidator = new OneUser(user, password),
        };
    }

    internal sealed class OneUser(string name, string password) : IUsernameTokenValidator
    {
        public ValueTask<IReadOnlyList<Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<Claim>?>(token.UserName == name && token.Matches(password) ? [] : null);
    }
}
