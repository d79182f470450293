using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Tests.Tokens.X509;

/// <summary>Names as Java 17, OpenSSL 3.0 and .NET 10 themselves spelled them (recorded in DistinguishedNames.tsv), and spellings that are others' names.</summary>
public sealed class DistinguishedNameTests
{
    private static readonly string[][] Rows =
        [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Tokens", "X509", "DistinguishedNames.tsv")).Select(line => line.Split('\t'))];

    private static readonly Dictionary<string, X500DistinguishedName> Names =
        Rows.Where(row => row[1] == "DER").ToDictionary(row => row[0], row => new X500DistinguishedName(Convert.FromHexString(row[2])));

    private static IEnumerable<TestCaseData> Spelled => Rows.Where(row => row[1] != "DER").Select(row => new TestCaseData(row[0], row[2]).SetArgDisplayNames(row[0], row[1]));

    [TestCaseSource(nameof(Spelled))]
    public void Matches_AsForeignToolsSpellIt_IsThatNameAlone(string name, string spelled)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var (other, actual) in Names)
            {
                Assert.That(DistinguishedName.Matches(spelled, actual), Is.EqualTo(other == name), other);
            }
        }
    }

    [Test]
    public void Format_EveryName_IsReadBack()
    {
        foreach (var (name, actual) in Names)
        {
            Assert.That(DistinguishedName.IsSame(DistinguishedName.Format(actual), actual), Is.True, name);
            Assert.That(DistinguishedName.IsSame(actual.Name, actual), Is.True, actual.Name);
        }
    }

    [TestCase("CN=Test CA,O=WsSecurity,C=DE", true)]
    [TestCase("cn = test  ca ; o = WSSECURITY ; c = de", true)]
    [TestCase("2.5.4.3=#0c0754657374204341,OID.2.5.4.10=WsSecurity,C=#13024445", true)]
    [TestCase("CN=Test\\20CA,O=WsSecurity,C=DE", true)]
    [TestCase("/C=DE/O=WsSecurity/CN=Test CA", true)]
    [TestCase("C=DE,O=WsSecurity,CN=Test CA", false)]
    [TestCase("/CN=Test CA/O=WsSecurity/C=DE", false)]
    [TestCase("CN=Test CA,C=DE,O=WsSecurity", false)]
    [TestCase("CN=Test CA+O=WsSecurity,C=DE", false)]
    [TestCase("CN=TestCA,O=WsSecurity,C=DE", false)]
    [TestCase("CN=Test CA,O=WsSecurity,C=DE,", false)]
    [TestCase("CN=Test CA,O=WsSecurity,C=DE,L=X", false)]
    [TestCase("CN=Test CA,O=WsSecurity", false)]
    [TestCase("CN=\"Test CA,O=WsSecurity,C=DE", false)]
    [TestCase("CN=Test CA,O=#0G,C=DE", false)]
    [TestCase("O=Test CA,CN=WsSecurity,C=DE", false)]
    [TestCase("Test CA", false)]
    [TestCase("", false)]
    public void IsSame_InOneOrderOnly_DecidesOnTrust(string spelled, bool same) => Assert.That(DistinguishedName.IsSame(spelled, Names["plain"]), Is.EqualTo(same));

    [Test]
    public void Matches_ValueThatIsNoText_ComparesItsOctets()
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("2.5.4.45");
            writer.WriteBitString([1, 2, 3]);
        }

        var name = new X500DistinguishedName(writer.Encode());
        var spelled = DistinguishedName.Format(name);
        Assert.That(spelled, Is.EqualTo("2.5.4.45=#030400010203"));
        Assert.That(DistinguishedName.Matches(spelled, name), Is.True);
        Assert.That(DistinguishedName.Matches("2.5.4.45=#030400010204", name), Is.False);
    }
}
