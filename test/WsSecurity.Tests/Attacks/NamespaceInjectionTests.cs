using System.Text;
using System.Xml.Linq;
using NUnit.Framework;

namespace WsSecurity.Tests.Attacks;

/// <summary>
/// Namespace injection (Jensen et al., "The curse of namespaces in the domain of XML signature", 2009): a declaration outside of what is
/// signed gives names inside another meaning.
/// </summary>
public sealed class NamespaceInjectionTests
{
    private const string Unqualified = "<add><a>1</a></add>";
    private const string OuterPrefix = "<c:add><c:a>1</c:a></c:add>";
    private const string Typed = "<c:add xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:type=\"c:T\"/>";

    private static IEnumerable<TestCaseData> InEveryOrder => Presets.InEveryOrder();

    [TestCaseSource(nameof(InEveryOrder))]
    public void VerifyRequest_DefaultNamespaceInjectedOnTheEnvelope_RefusesOrIsWithoutEffect(string preset, MessageProtectionOrder order)
    {
        var parties = Presets.Parties(preset, order);
        var wire = Encoding.UTF8.GetString(parties.Protect(Envelope(Unqualified)).Wire);
        var injected = wire.Replace("<s:Envelope ", "<s:Envelope xmlns=\"urn:evil\" ", StringComparison.Ordinal);
        Assert.That(BodyOf(parties, injected), Is.Null.Or.EqualTo((XName)"add"));
    }

    [TestCaseSource(nameof(InEveryOrder))]
    public void VerifyRequest_DefaultNamespaceOfTheEnvelopeChanged_RefusesOrIsWithoutEffect(string preset, MessageProtectionOrder order)
    {
        var parties = Presets.Parties(preset, order);
        var wire = Encoding.UTF8.GetString(parties.Protect(Envelope(Unqualified, "xmlns=\"urn:calc\"")).Wire);
        Assert.That(BodyOf(parties, wire), Is.EqualTo((XNamespace)"urn:calc" + "add"), "What the client sent must pass.");
        parties.Time.Advance(TimeSpan.FromMilliseconds(1));
        wire = Encoding.UTF8.GetString(parties.Protect(Envelope(Unqualified, "xmlns=\"urn:calc\"")).Wire);
        Assert.That(BodyOf(parties, wire.Replace("xmlns=\"urn:calc\"", "xmlns=\"urn:evil\"", StringComparison.Ordinal)), Is.Null.Or.EqualTo((XNamespace)"urn:calc" + "add"));
    }

    [TestCaseSource(nameof(InEveryOrder))]
    public void VerifyRequest_PrefixOfTheEnvelopeBoundAnew_RefusesOrIsWithoutEffect(string preset, MessageProtectionOrder order)
    {
        foreach (var body in new[] { OuterPrefix, Typed })
        {
            var parties = Presets.Parties(preset, order);
            var plain = Envelope(body, "xmlns:c=\"urn:calc\"");
            Assert.That(BodyOf(parties, Encoding.UTF8.GetString(parties.Protect(plain).Wire)), Is.EqualTo((XNamespace)"urn:calc" + "add"), "What the client sent must pass.");
            var wire = Encoding.UTF8.GetString(parties.Protect(plain).Wire);
            var first = wire.IndexOf("urn:calc", StringComparison.Ordinal);
            Assert.That(BodyOf(parties, wire.Remove(first, 8).Insert(first, "urn:evil")), Is.Null.Or.EqualTo((XNamespace)"urn:calc" + "add"));
            var all = wire.Replace("xmlns:c=\"urn:calc\"", "xmlns:c=\"urn:evil\"", StringComparison.Ordinal);
            Assert.That(BodyOf(parties, all), Is.Null);
        }
    }

    [TestCase("<x i:type=\"q:T\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"/>", "")]
    [TestCase("<x i:type=\" q:T \" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"/>", "other")]
    public void VerifyRequest_TypeWhosePrefixNoSignatureShows_Refuses(string body, string prefixes)
    {
        var parties = Presets.Parties("CertificateSignature");
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Client), body, onEnvelope: "xmlns:q=\"urn:q\"");
        Assert.That(() => parties.Verify(Forgery.Sign(envelope, TestKeys.Client, ["time", "body"], prefixes)), Refused.With(SecurityFailure.UnsignedPrefixBinding));
    }

    [Test]
    public void VerifyRequest_TypeWhosePrefixIsListed_AcceptsUntilItIsBoundAnew()
    {
        var parties = Presets.Parties("CertificateSignature");
        var envelope = Forgery.Envelope(
            Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Client), "<x i:type=\"q:T\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"/>", onEnvelope: "xmlns:q=\"urn:q\"");
        var wire = Encoding.UTF8.GetString(Forgery.Sign(envelope, TestKeys.Client, ["time", "body"], "q"));
        Assert.That(() => parties.Verify(Encoding.UTF8.GetBytes(wire.Replace("urn:q\"", "urn:r\"", StringComparison.Ordinal))), Refused.With(SecurityFailure.DigestMismatch));
        parties.Verify(Encoding.UTF8.GetBytes(wire)).Dispose();
    }

    [TestCase("<q:x/>", false)]
    [TestCase("<x q:y=\"1\"/>", false)]
    [TestCase("<x><y xmlns=\"urn:z\"/><q:x/></x>", false)]
    [TestCase("<x i:type=\"q:T\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"/>", false)]
    [TestCase("<s:x/>", true)]
    [TestCase("<q:x xmlns:q=\"urn:q\"><q:y/></q:x>", true)]
    [TestCase("<x/>", true)]
    public void VerifyRequest_SignedCiphertextOfAPeer_RefusesPrefixesThatNothingShows(string plaintext, bool accepted)
    {
        // The ciphertext is signed; its plaintext takes a prefix from the Envelope, which anybody on the way can change.
        byte[] secret = [.. Enumerable.Repeat((byte)7, 32)];
        var policy = Presets.ByName["AnonymousUnderived"] with { MessageProtectionOrder = MessageProtectionOrder.EncryptBeforeSign };
        var key = Forgery.EncryptedKey(secret, TestKeys.Service);
        var envelope = Forgery.Envelope(
            Forgery.Timestamp(TestKeys.Now) + key.Xml + Forgery.Marker + Forgery.ReferenceList("data"), Forgery.EncryptedData(secret, plaintext), onEnvelope: "xmlns:q=\"urn:q\"");
        var wire = Forgery.Sign(envelope, secret, ["time", "body"]);
        Assert.That(() => Presets.Parties(policy).Verify(wire), accepted ? Throws.Nothing : Refused.With(SecurityFailure.UnsignedPrefixBinding));
        Assert.That(() => Presets.Parties(policy with { Tolerances = new Tolerances { UnsignedPrefixBindings = true } }).Verify(wire), Throws.Nothing);
    }

    private static byte[] Envelope(string body, string onEnvelope = "") => Encoding.UTF8.GetBytes(
        Encoding.UTF8.GetString(TestParties.Envelope(body)).Replace("<s:Envelope ", $"<s:Envelope {onEnvelope} ", StringComparison.Ordinal));

    private static XName? BodyOf(TestParties parties, string wire)
    {
        try
        {
            using var request = parties.Verify(Encoding.UTF8.GetBytes(wire));
            var envelope = XDocument.Load(request.Message.OpenRead()).Root!;
            return envelope.Element(envelope.Name.Namespace + "Body")!.Elements().Single().Name;
        }
        catch (WsSecurityException)
        {
            return null;
        }
    }
}
