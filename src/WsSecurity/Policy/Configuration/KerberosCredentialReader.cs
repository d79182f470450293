namespace WsSecurity.Policy.Configuration;

/// <summary>Reads <c>KerberosClient</c> and <c>KerberosService</c> of <c>Credentials</c>.</summary>
internal sealed class KerberosCredentialReader(string basePath)
{
    public KerberosClientCredential ReadClient(ConfigurationNode node)
    {
        var credential = new KerberosClientCredential
        {
            ServicePrincipal = node.RequiredText(nameof(KerberosClientCredential.ServicePrincipal)),
            Principal = node.Text(nameof(KerberosClientCredential.Principal)),
            Password = node.Text(nameof(KerberosClientCredential.Password)),
            Keytab = ReadKeytab(node),
            CredentialCache = node.Text(nameof(KerberosClientCredential.CredentialCache)),
        };
        if (credential.Password is not null && string.IsNullOrEmpty(credential.Principal))
        {
            throw node.Refuse(nameof(KerberosClientCredential.Principal), "is required beside Password");
        }

        if (credential.Password is not null && (credential.Keytab ?? credential.CredentialCache) is not null)
        {
            throw node.Refuse(nameof(KerberosClientCredential.Password), "stands beside a Keytab or a CredentialCache: one of them is how we log in");
        }

        node.RefuseUnknownKeys();
        return credential;
    }

    public KerberosServiceCredential ReadService(ConfigurationNode node)
    {
        var credential = new KerberosServiceCredential
        {
            Keytab = ReadKeytab(node),
            Principal = node.Text(nameof(KerberosServiceCredential.Principal)),
        };
        node.RefuseUnknownKeys();
        return credential;
    }

    // A name with a type, as FILE:/path or MEMORY:name, is the library's own.
    private string? ReadKeytab(ConfigurationNode node) => node.Text(nameof(KerberosServiceCredential.Keytab)) switch
    {
        null or "" => null,
        var name when name.Contains(':', StringComparison.Ordinal) => name,
        var path => Path.Combine(Path.GetFullPath(basePath), path),
    };
}
