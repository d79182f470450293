using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Policy.AppConfig;

/// <summary>Reads <c>&lt;clientCredentials&gt;</c>, <c>&lt;serviceCredentials&gt;</c> and the identity of an address.</summary>
internal static class CredentialsBehaviorReader
{
    private static readonly string[] ValidationModes = ["None", "PeerTrust", "ChainTrust", "PeerOrChainTrust", "Custom"];

    public static AppConfigCredentials ReadClient(AppConfigElement? behavior, AppConfigElement? identity, Uri? address)
    {
        var credentials = new AppConfigCredentials();
        if (behavior is not null)
        {
            credentials = credentials with
            {
                Certificate = behavior.Child("clientCertificate") is { } own ? ReadReference(own, StoreLocation.CurrentUser) : null,
                PeerCertificate = behavior.Child("serviceCertificate") is { } service ? ReadServiceCertificate(service, address) : null,
            };
            behavior.NoteWithoutEffect("it is code; set SecurityCredentials in code", "type");
            behavior.NoteWithoutEffect("message security has no user to ask", "supportInteractive", "useIdentityConfiguration");
            foreach (var other in new[] { "windows", "issuedToken", "httpDigest", "peer" })
            {
                behavior.Child(other)?.Note("has no effect on message security here");
            }

            behavior.RefuseUnknown();
        }

        return ReadIdentity(identity, address, credentials);
    }

    public static AppConfigCredentials ReadService(AppConfigElement? behavior)
    {
        var credentials = new AppConfigCredentials();
        if (behavior is null)
        {
            return credentials;
        }

        if (behavior.Child("serviceCertificate") is { } own)
        {
            credentials = credentials with { Certificate = ReadReference(own, StoreLocation.LocalMachine) };
        }

        if (behavior.Child("clientCertificate") is { } client)
        {
            credentials = credentials with
            {
                PeerCertificate = client.Child("certificate") is { } certificate ? ReadReference(certificate, StoreLocation.LocalMachine) : null,
                TrustedStores = client.Child("authentication") is { } authentication ? ReadClientAuthentication(authentication) : [],
            };
            client.RefuseUnknown();
        }

        if (behavior.Child("userNameAuthentication") is { } users)
        {
            ReadUsers(users);
        }

        behavior.NoteWithoutEffect("it is code; set SecurityCredentials in code", "type", "identityConfiguration");
        _ = behavior.Boolean("useIdentityConfiguration");
        behavior.NoteWithoutEffect("whom to trust is said in SecurityCredentials.TrustDomains", "useIdentityConfiguration");
        foreach (var other in new[] { "windowsAuthentication", "secureConversationAuthentication", "peer" })
        {
            behavior.Child(other)?.Note("has no effect on message security here");
        }

        behavior.Child("issuedTokenAuthentication")?.Note("is left to SecurityCredentials: name the issuers in TrustDomain.SamlIssuers, and ourselves in Audiences");
        behavior.RefuseUnknown();
        return credentials;
    }

    private static StoreCertificate? ReadServiceCertificate(AppConfigElement element, Uri? address)
    {
        var certificate = element.Child("defaultCertificate") is { } named ? ReadReference(named, StoreLocation.CurrentUser) : null;
        foreach (var scoped in element.Child("scopedCertificates")?.Children("add") ?? [])
        {
            var target = scoped.Text("targetUri");
            var own = ReadReference(scoped, StoreLocation.CurrentUser);
            if (address is not null && Uri.TryCreate(target, UriKind.Absolute, out var scope) && scope == address)
            {
                certificate = own;
            }
        }

        // The named certificate is all that is accepted, which no mode widens.
        if (element.Child("authentication") is { } authentication)
        {
            if (authentication.Name("certificateValidationMode", ValidationModes) is { } mode)
            {
                authentication.Note("certificateValidationMode", mode == "Custom"
                    ? "has no effect: the validator is code; the certificate that is named is accepted, and no other"
                    : $"has no effect: whatever {mode} admits, the certificate that is named is accepted while it is valid, and no other");
            }

            _ = authentication.Name<X509RevocationMode>("revocationMode");
            _ = authentication.Name<StoreLocation>("trustedStoreLocation");
            authentication.NoteWithoutEffect("the certificate that is named is trusted as it is", "customCertificateValidatorType", "revocationMode", "trustedStoreLocation");
            authentication.RefuseUnknown();
        }

        element.Child("sslCertificateAuthentication")?.Note("is left to the transport");
        element.RefuseUnknown();
        return certificate;
    }

    private static List<TrustedStore> ReadClientAuthentication(AppConfigElement element)
    {
        const string Key = "certificateValidationMode";
        var mode = element.Name(Key, ValidationModes);
        var revocation = element.Name<X509RevocationMode>("revocationMode") ?? X509RevocationMode.Online;
        var location = element.Name<StoreLocation>("trustedStoreLocation") ?? StoreLocation.LocalMachine;
        _ = element.Boolean("includeWindowsGroups");
        _ = element.Boolean("mapClientCertificateToWindowsAccount");
        element.NoteWithoutEffect("a caller gets no account of Windows", "includeWindowsGroups", "mapClientCertificateToWindowsAccount");
        element.NoteWithoutEffect("the validator is code; say in SecurityCredentials.TrustDomains whose certificates are accepted", "customCertificateValidatorType");
        element.RefuseUnknown();
        var peers = new TrustedStore(location, AreAuthorities: false, X509RevocationMode.NoCheck, element.Where(Key));
        var chains = new TrustedStore(location, AreAuthorities: true, revocation, element.Where(Key));
        switch (mode)
        {
            case "PeerTrust":
                return [peers];
            case "ChainTrust":
                return [chains];
            case "PeerOrChainTrust":
                return [peers, chains];
            default:
                element.Note(Key, $"{mode ?? "ChainTrust by default"} trusts nobody here: say in SecurityCredentials.TrustDomains whose certificates are accepted");
                return [];
        }
    }

    private static void ReadUsers(AppConfigElement element)
    {
        var mode = element.Name("userNamePasswordValidationMode", ["Windows", "MembershipProvider", "Custom"]) ?? "Windows";
        var validator = element.Text("customUserNamePasswordValidatorType");
        element.Note($"{mode}{(validator is null ? string.Empty : $" ('{validator}')")} is code: set SecurityCredentials.UsernameTokenValidator, without which every UsernameToken is refused");
        _ = element.Boolean("includeWindowsGroups");
        _ = element.Boolean("cacheLogonTokens");
        element.NoteWithoutEffect(
            "it is a matter of the validator", "includeWindowsGroups", "membershipProviderName", "cacheLogonTokens", "maxCachedLogonTokens", "cachedLogonTokenLifetime");
        element.RefuseUnknown();
    }

    private static AppConfigCredentials ReadIdentity(AppConfigElement? identity, Uri? address, AppConfigCredentials credentials)
    {
        credentials = credentials with { ServiceDnsName = address is { HostNameType: UriHostNameType.Dns } ? address.Host : null };
        if (identity is null)
        {
            return credentials;
        }

        if (identity.Child("dns")?.Text("value") is { Length: > 0 } dns)
        {
            credentials = credentials with { ServiceDnsName = dns };
        }

        if (identity.Child("certificateReference") is { } reference && ReadReference(reference, StoreLocation.LocalMachine) is { } named)
        {
            credentials = credentials with { PeerCertificate = credentials.PeerCertificate ?? named, ServiceDnsName = null };
        }

        if (identity.Child("certificate") is { } encoded && CertificateElementReader.ReadEncoded(encoded) is { } certificate)
        {
            credentials = credentials with { IdentityCertificate = certificate, ServiceDnsName = null };
        }

        identity.Child("rsa")?.Refuse("is not supported: name the service's certificate");
        foreach (var name in new[] { "userPrincipalName", "servicePrincipalName" })
        {
            identity.Child(name)?.Note("concerns Windows authentication alone");
        }

        identity.RefuseUnknown();
        return credentials;
    }

    private static StoreCertificate? ReadReference(AppConfigElement element, StoreLocation location)
    {
        var certificate = CertificateElementReader.ReadReference(element, location);
        element.RefuseUnknown();
        return certificate;
    }
}
