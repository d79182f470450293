using NUnit.Framework;

namespace WsSecurity.Tests.Policy.Configuration;

public sealed class KerberosCredentialReaderTests
{
    [Test]
    public void Load_KerberosClient_SetsEveryProperty()
    {
        using var file = new BindingFile();
        var credentials = file.LoadCredentials("""
            "Credentials": { "KerberosClient": { "ServicePrincipal": "HTTP/orders.example.com", "Principal": "alice@EXAMPLE.COM", "Keytab": "alice.keytab", "CredentialCache": "MEMORY:" } }
            """);

        Assert.That(credentials.KerberosClient, Is.EqualTo(new KerberosClientCredential
        {
            ServicePrincipal = "HTTP/orders.example.com",
            Principal = "alice@EXAMPLE.COM",
            Keytab = Path.Combine(file.Folder, "alice.keytab"),
            CredentialCache = "MEMORY:",
        }));
    }

    [Test]
    public void Load_KerberosServiceAndRealms_SetsEveryProperty()
    {
        using var file = new BindingFile();
        var credentials = file.LoadCredentials("""
            "Credentials": { "KerberosService": { "Principal": "HTTP/orders.example.com", "Keytab": "FILE:/etc/orders.keytab" } },
            "TrustDomains": { "staff": { "KerberosRealms": [ "EXAMPLE.COM", "EMEA.EXAMPLE.COM" ] } }
            """);

        Assert.That(credentials.KerberosService, Is.EqualTo(new KerberosServiceCredential { Principal = "HTTP/orders.example.com", Keytab = "FILE:/etc/orders.keytab" }));
        Assert.That(credentials.TrustDomains.Single().KerberosRealms, Is.EqualTo(new[] { "EXAMPLE.COM", "EMEA.EXAMPLE.COM" }));
    }

    [TestCase("""{ "Principal": "alice@EXAMPLE.COM" }""", "ServicePrincipal")]
    [TestCase("""{ "ServicePrincipal": "HTTP/a", "Password": "s3cret-in-the-file" }""", "Principal")]
    [TestCase("""{ "ServicePrincipal": "HTTP/a", "Principal": "alice", "Password": "s3cret-in-the-file", "Keytab": "alice.keytab" }""", "Password")]
    [TestCase("""{ "ServicePrincipal": "HTTP/a", "Realm": "EXAMPLE.COM" }""", "Realm")]
    public void Load_WrongKerberosClient_IsRefusedWithItsPathAndNoSecret(string client, string path)
    {
        using var file = new BindingFile();
        var refusal = Assert.Throws<BindingConfigurationException>(() => file.LoadCredentials($$"""
            "Credentials": { "KerberosClient": {{client}} }
            """))!;

        Assert.That(refusal.Message, Does.Contain($"Credentials:KerberosClient:{path}").And.Not.Contain("s3cret-in-the-file"));
    }

    [Test]
    public void Credentials_AsText_HideThePassword() =>
        Assert.That(
            new KerberosClientCredential { ServicePrincipal = "HTTP/a", Principal = "alice", Password = "wonderland" }.ToString(),
            Does.Contain("alice").And.Not.Contain("wonderland"));
}
