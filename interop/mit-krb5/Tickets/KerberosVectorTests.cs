using System.Buffers.Binary;
using System.Text;
using NUnit.Framework;
using WsSecurity.Interop.MitKrb5.Realm;
using WsSecurity.Tests.Vectors;
using WsSecurity.Tokens.Kerberos;

namespace WsSecurity.Interop.MitKrb5.Tickets;

/// <summary>Tokens that Windows made in 2009, with the service's keys (Kerberos.NET's test data). The library is told to let any time pass.</summary>
[KerberosFixture]
public sealed class KerberosVectorTests
{
    private static readonly TrustDomain Domain = new() { Name = "windows", KerberosRealms = ["DOMAIN.COM"] };

    [OneTimeSetUp]
    public static void AnyTimePasses()
    {
        var configuration = SharedRealm.Instance.PathOf("any-time.conf");
        File.WriteAllText(configuration, "[libdefaults]\n  default_realm = DOMAIN.COM\n  clockskew = 900000000\n  allow_weak_crypto = true\n  permitted_enctypes = aes256-cts aes128-cts rc4-hmac\n");
        SharedRealm.Instance.UseInThisProcess(configuration);
    }

    [OneTimeTearDown]
    public static void OnlyTheRightTimePasses() => SharedRealm.Instance.UseInThisProcess();

    [TestCaseSource(nameof(Vectors))]
    public void Token_OfWindows_IsAccepted(string name, int encryptionType)
    {
        var token = Read($"{name}-kerberos-data");
        var (verified, key) = Validate(token, Keytab(token, Read($"{name}-key-data"), encryptionType));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(verified.Realm, Is.EqualTo("DOMAIN.COM"));
            Assert.That(verified.Name, Does.EndWith("@DOMAIN.COM"));
            Assert.That(verified.ServicePrincipal, Is.EqualTo("HTTP/server.test.domain.com@DOMAIN.COM"));
            Assert.That(verified.Expires.Year, Is.EqualTo(2009));
            Assert.That(key, Has.Length.EqualTo(encryptionType == 18 ? 32 : 16));
        }
    }

    [TestCaseSource(nameof(Vectors))]
    public void Token_OfWindows_UnderAnotherKey_Fails(string name, int encryptionType)
    {
        var token = Read($"{name}-kerberos-data");
        var key = Read($"{name}-key-data");
        key[0] ^= 1;

        Assert.That(() => Validate(token, Keytab(token, key, encryptionType)), Refused.With(SecurityFailure.TicketNotAuthentic));
    }

    [TestCaseSource(nameof(Vectors))]
    public void Token_WithinSpnego_IsNone(string name, int encryptionType)
    {
        Assert.That(encryptionType, Is.GreaterThan(0));
        Assert.That(() => ApRequest.Unwrap(Read($"{name}-spnego-data")), Throws.InstanceOf<System.Formats.Asn1.AsnContentException>());
    }

    private static IEnumerable<TestCaseData> Vectors =>
        SharedVectors.Root is null ? [] : [new TestCaseData("aes256", 18), new TestCaseData("aes128", 17), new TestCaseData("rc4", 23)];

    private static byte[] Read(string name) => File.ReadAllBytes(SharedVectors.Require($"kerberos-net/{name}"));

    private static (KerberosVerifiedToken Token, byte[] Key) Validate(byte[] token, string keytab) =>
        new KerberosTokenValidator(new KerberosServiceCredential { Keytab = keytab }, [Domain]).Validate(ApRequest.Read(ApRequest.Unwrap(token)), token);

    // MIT's keytab format, version 2.
    private static string Keytab(byte[] token, byte[] key, int encryptionType)
    {
        var request = ApRequest.Read(ApRequest.Unwrap(token));
        var entry = new List<byte>();
        var parts = request.Service.Split('/');
        entry.AddRange(Short(parts.Length));
        foreach (var text in parts.Prepend(request.Realm))
        {
            entry.AddRange(Short(text.Length));
            entry.AddRange(Encoding.UTF8.GetBytes(text));
        }

        entry.AddRange([0, 0, 0, 1, 0, 0, 0, 0, (byte)(request.KeyVersion ?? 1)]);
        entry.AddRange(Short(encryptionType));
        entry.AddRange(Short(key.Length));
        entry.AddRange(key);
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, entry.Count);
        var path = SharedRealm.Instance.PathOf($"{Guid.NewGuid():N}.keytab");
        File.WriteAllBytes(path, [5, 2, .. size, .. entry]);
        return path;

        static byte[] Short(int number) => [(byte)(number >> 8), (byte)number];
    }
}
