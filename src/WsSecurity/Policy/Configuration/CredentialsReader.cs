using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Policy.Configuration;

/// <summary>Reads what makes <see cref="SecurityCredentials"/>: <c>Credentials</c>, <c>Users</c> and <c>TrustDomains</c>.</summary>
internal sealed class CredentialsReader(BindingConfigurationOptions options)
{
    private const string ServiceIdentityKey = "ServiceIdentity";

    private readonly CertificateReader _certificates = new(options.BasePath, options.FileRead);
    private readonly KerberosCredentialReader _kerberos = new(options.BasePath);

    public SecurityCredentials Read(ConfigurationNode binding)
    {
        var credentials = new SecurityCredentials();
        if (binding.Object("Credentials") is { } node)
        {
            credentials = ReadOwn(node);
        }

        return credentials with
        {
            UsernameTokenValidator = binding.Object("Users") is { } users ? ReadUsers(users) : null,
            TrustDomains = binding.Object(nameof(SecurityCredentials.TrustDomains)) is { } domains
                ? [.. domains.Children.Select(ReadTrustDomain)]
                : [],
        };
    }

    private SecurityCredentials ReadOwn(ConfigurationNode node)
    {
        var credentials = new SecurityCredentials
        {
            Certificate = _certificates.ReadWithKey(node, nameof(SecurityCredentials.Certificate)),
            EncryptionCertificate = _certificates.ReadWithKey(node, nameof(SecurityCredentials.EncryptionCertificate)),
            PeerCertificates = _certificates.ReadAll(node, nameof(SecurityCredentials.PeerCertificates)),
            SupportingCertificates = _certificates.ReadOwn(node, nameof(SecurityCredentials.SupportingCertificates)),
            PeerEncryptionCertificates = _certificates.ReadAll(node, nameof(SecurityCredentials.PeerEncryptionCertificates)),
            UserName = node.Text(nameof(SecurityCredentials.UserName)),
            Password = node.Text(nameof(SecurityCredentials.Password)),
            SamlAssertion = ReadAssertion(node),
            KerberosClient = node.Object(nameof(SecurityCredentials.KerberosClient)) is { } client ? _kerberos.ReadClient(client) : null,
            KerberosService = node.Object(nameof(SecurityCredentials.KerberosService)) is { } service ? _kerberos.ReadService(service) : null,
            Audiences = node.Texts(nameof(SecurityCredentials.Audiences)),
        };
        if (credentials.Password is not null && string.IsNullOrEmpty(credentials.UserName))
        {
            throw node.Refuse(nameof(SecurityCredentials.UserName), "is required beside Password");
        }

        credentials = ReadServiceIdentity(node, credentials);
        node.RefuseUnknownKeys();
        return credentials;
    }

    private SamlAssertionCredential? ReadAssertion(ConfigurationNode node)
    {
        const string Key = nameof(SecurityCredentials.SamlAssertion);
        if (!node.Has(Key))
        {
            return null;
        }

        if (node.IsText(Key))
        {
            return ReadAssertion(node, Key, node.RequiredText(Key), null);
        }

        const string PathKey = "Path";
        var assertion = node.Child(Key);
        var path = assertion.RequiredText(PathKey);
        var proofKeyPath = assertion.Text("ProofKeyPath");
        assertion.RefuseUnknownKeys();
        return ReadAssertion(assertion, PathKey, path, proofKeyPath);
    }

    private SamlAssertionCredential ReadAssertion(ConfigurationNode node, string key, string path, string? proofKeyPath)
    {
        try
        {
            var assertion = SamlAssertionCredential.Parse(ReadFile(path));
            return string.IsNullOrEmpty(proofKeyPath) ? assertion : assertion.WithProofKey(ReadFile(proofKeyPath));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw node.Refuse(key, $"'{path}' cannot be read as a SAML assertion, or the secret beside it", exception);
        }
    }

    private byte[] ReadFile(string path)
    {
        var file = Path.Combine(Path.GetFullPath(options.BasePath), path);
        options.FileRead?.Invoke(file);
        return File.ReadAllBytes(file);
    }

    private SecurityCredentials ReadServiceIdentity(ConfigurationNode node, SecurityCredentials credentials)
    {
        if (!node.Has(ServiceIdentityKey))
        {
            return credentials;
        }

        if (!node.IsText(ServiceIdentityKey))
        {
            // Replies of any peer certificate are accepted: beside others, this one would not be *the* identity.
            return credentials.PeerCertificates.Count == 0
                ? credentials with { PeerCertificates = _certificates.ReadAll(node, ServiceIdentityKey) }
                : throw node.Refuse(ServiceIdentityKey, "a certificate is accepted only without PeerCertificates, which say the same: list it there");
        }

        var name = node.RequiredText(ServiceIdentityKey);
        return _certificates.Exists(name)
            ? throw node.Refuse(ServiceIdentityKey, "a text is a DNS name, and this one names a file; for a certificate write { \"Path\": … }")
            : Uri.CheckHostName(name) == UriHostNameType.Dns
                ? credentials with { ServiceDnsName = name }
                : throw node.Refuse(ServiceIdentityKey, $"'{name}' is not accepted: expects a DNS name, or an object that names a certificate");
    }

    private ConfiguredUsers ReadUsers(ConfigurationNode node)
    {
        if (string.Equals(options.EnvironmentName, "Production", StringComparison.OrdinalIgnoreCase))
        {
            throw node.Refuse(
                $"is refused in the {options.EnvironmentName} environment: passwords do not belong in a file; plug in an {nameof(IUsernameTokenValidator)}");
        }

        var passwords = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var child in node.Children)
        {
            ReadUser(child, child.Key, passwords);
        }

        return new ConfiguredUsers(passwords);
    }

    // As with actions: a colon in a user's name is a separator of configuration keys.
    private static void ReadUser(ConfigurationNode node, string name, Dictionary<string, string> passwords)
    {
        foreach (var child in node.Children)
        {
            ReadUser(child, $"{name}:{child.Key}", passwords);
        }

        if (node.Value is { Length: > 0 } password)
        {
            passwords.Add(name, password);
        }
        else if (!node.IsObject)
        {
            throw node.Refuse("expects a password");
        }
    }

    private TrustDomain ReadTrustDomain(ConfigurationNode node)
    {
        if (!node.IsObject)
        {
            throw node.Refuse("expects an object");
        }

        var domain = new TrustDomain
        {
            Name = node.Key,
            Anchors = _certificates.ReadAll(node, nameof(TrustDomain.Anchors)),
            Certificates = _certificates.ReadAll(node, nameof(TrustDomain.Certificates)),
            Intermediates = _certificates.ReadAll(node, nameof(TrustDomain.Intermediates)),
            Revocation = node.Name<X509RevocationMode>(nameof(TrustDomain.Revocation)) ?? X509RevocationMode.NoCheck,
            RevocationLists = [.. node.Texts(nameof(TrustDomain.RevocationLists)).Select(path => Path.Combine(Path.GetFullPath(options.BasePath), path))],
            MinimumRsaKeySize = node.PositiveInteger(nameof(TrustDomain.MinimumRsaKeySize)) ?? 0,
            MinimumEcKeySize = node.PositiveInteger(nameof(TrustDomain.MinimumEcKeySize)) ?? 0,
            KeyUsages = node.Texts(nameof(TrustDomain.KeyUsages))
                .Aggregate(X509KeyUsageFlags.None, (all, name) => all | node.Name<X509KeyUsageFlags>(nameof(TrustDomain.KeyUsages), name)),
            ExtendedKeyUsages = node.Texts(nameof(TrustDomain.ExtendedKeyUsages)),
            Subjects = node.Texts(nameof(TrustDomain.Subjects)),
            Issuers = node.Texts(nameof(TrustDomain.Issuers)),
            SamlIssuers = [.. node.List(nameof(TrustDomain.SamlIssuers)).Select(ReadSamlIssuer)],
            KerberosRealms = node.Texts(nameof(TrustDomain.KerberosRealms)),
            MayVouch = node.Boolean(nameof(TrustDomain.MayVouch)) ?? false,
        };
        node.RefuseUnknownKeys();
        return domain.Anchors.Count + domain.Certificates.Count + domain.SamlIssuers.Count + domain.KerberosRealms.Count > 0
            ? domain
            : throw node.Refuse("trusts nobody: it needs Anchors, Certificates, SamlIssuers or KerberosRealms");
    }

    private SamlIssuer ReadSamlIssuer(ConfigurationNode node)
    {
        const string Key = nameof(SamlIssuer.Certificate);
        var issuer = node.RequiredText(nameof(SamlIssuer.Issuer));
        var certificates = _certificates.ReadAll(node, Key);
        node.RefuseUnknownKeys();
        return certificates.Count == 1
            ? new SamlIssuer(issuer, certificates[0])
            : throw node.Refuse(Key, $"expects the one certificate that signs the issuer's assertions, and found {certificates.Count}");
    }
}
