using System.Buffers;
using System.Text;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Exchanges;

/// <summary>
/// Parts that location paths select: SignedElements, EncryptedElements, ContentEncryptedElements, RequiredElements (WS-SecurityPolicy 1.3, section 4), in the
/// Body and in headers, in every order of protection; and what is done to messages that have them.
/// </summary>
public sealed class PathsTests
{
    private const string Headers = Presets.Headers
        + "<t:Tenant xmlns:t=\"urn:tenant\"><t:Name>blue</t:Name><t:Key use=\"k\">secret</t:Key><t:None/></t:Tenant><t:Empty xmlns:t=\"urn:tenant\"/>";

    private const string Body = "<c:pay xmlns:c=\"urn:calc\"><c:card number=\"1\">4711</c:card><c:sum>5</c:sum><c:card><c:card>0815</c:card></c:card><c:empty/></c:pay>";

    private static readonly MessageParts Addressing = new() { Headers = [new QualifiedName("http://www.w3.org/2005/08/addressing")] };

    private static readonly Dictionary<string, (MessageParts? Signed, MessageParts? Encrypted, string Hidden)> Parts = new()
    {
        ["elements of the Body"] = (null, Select("//c:card"), "4711 0815"),
        ["elements of a header"] = (null, Select("/s:Envelope/s:Header/t:Tenant/t:Key"), "secret"),
        ["elements of both"] = (null, Select("//t:Key", "//c:card[@number]"), "secret 4711"),
        ["the same twice"] = (null, Select("//c:card", "/*/*/c:pay/c:card") with { Elements = [new QualifiedName("urn:calc", "card")] }, "4711 0815"),
        ["a header by its path"] = (null, Select("s:Header/t:Tenant"), "blue secret"),
        ["every header"] = (null, new MessageParts { AllHeaders = true }, "blue secret urn:calc/add"),
        ["content of elements"] = (null, Content("//c:card", "//t:Key"), "4711 0815 secret"),
        ["content of the Body"] = (null, Content("/s:Envelope/s:Body"), "4711 0815"),
        ["content of empty elements"] = (null, Content("//c:empty", "//t:None", "//t:Empty"), string.Empty),
        ["content and element"] = (null, Content("//c:pay") with { Paths = Paths("//c:card") }, "4711 0815"),
        ["content of what is signed"] = (Addressing with { Paths = Paths("//c:pay/c:card", "//t:Tenant", "//t:Empty") }, Content("//c:card", "//t:Key", "//t:Empty"), "4711 0815 secret"),
        ["elements of what is signed"] = (Addressing with { Paths = Paths("//c:pay", "//t:Tenant") }, Select("//c:card", "//t:Key"), "4711 0815 secret"),
        ["inside of what is signed"] = (Addressing with { Body = true, Paths = Paths("//t:Tenant", "//t:Key", "//c:card") }, Select("//t:Key", "//c:sum"), "secret"),
        ["the Body by its path"] = (Addressing with { Paths = Paths("//s:Body") }, new MessageParts { Body = true }, "4711 0815"),
        ["every header and the Body"] = (new MessageParts { Body = true, AllHeaders = true }, null, "4711"),
        ["elements of a header alone"] = (Addressing with { Paths = Paths("//t:Name", "//t:Key") }, MessageParts.None, string.Empty),
        ["nothing that is there"] = (Addressing with { Paths = Paths("//c:nothing") }, Select("//c:nothing"), string.Empty),
    };

    private static IEnumerable<TestCaseData> Cases =>
        from preset in new[] { "MutualCertificateDuplex", "MutualCertificateDuplex10", "MutualCertificate", "AnonymousUnderived" }
        from order in Enum.GetValues<MessageProtectionOrder>()
        from parts in Parts.Keys
        select new TestCaseData(preset, order, parts);

    [TestCaseSource(nameof(Cases))]
    public void Exchange_SelectedParts_AreHiddenSignedAndHandedOnBothWays(string preset, MessageProtectionOrder order, string name)
    {
        var (signed, encrypted, hidden) = Parts[name];
        var parties = Presets.Parties(Presets.ByName[preset] with { MessageProtectionOrder = order, SignedParts = signed is null ? null : (ProtectedParts)signed, EncryptedParts = encrypted is null ? null : (ProtectedParts)encrypted });
        var plain = TestParties.Envelope(Body, Headers);
        var (wire, pending) = parties.Protect(plain);
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope(Body, Headers.Replace("urn:uuid:1", "urn:uuid:2", StringComparison.Ordinal) + "<a:RelatesTo>urn:uuid:1</a:RelatesTo>"));
        var answer = pending.VerifyReply(reply, parties.Context);

        using (Assert.EnterMultipleScope())
        {
            foreach (var secret in hidden.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                Assert.That(Encoding.UTF8.GetString(wire), Does.Not.Contain($">{secret}<"));
                Assert.That(Encoding.UTF8.GetString(reply), Does.Not.Contain($">{secret}<"));
            }

            foreach (var received in new[] { request.Message.Envelope, answer.Envelope })
            {
                var text = Encoding.UTF8.GetString(received.ToArray());
                Assert.That(text, Does.Contain(">4711<").And.Contain(">0815<").And.Contain(">secret<").And.Contain(">blue<"));
                Assert.That(text, Does.Not.Contain("EncryptedData").And.Not.Contain("EncryptedHeader").And.Not.Contain("wsse:Security"));
            }
        }
    }

    // Each part in turn is what the peer leaves out.
    [TestCase("//c:card[@number]", "//c:card[not(@number)]", "//c:card", SecurityFailure.SignedElementNotInPlace)]
    [TestCase("//t:Key", "//t:Name", "//t:Key | //t:Name", SecurityFailure.SignedPartMissing)]
    [TestCase("s:Header/t:Tenant", "//c:sum", "//t:Tenant | //c:sum", SecurityFailure.SignedPartMissing)]
    public void VerifyRequest_OneOfSeveralMatchesUnprotected_IsRefused(string one, string other, string all, SecurityFailure unsigned)
    {
        foreach (var left in new[] { one, other })
        {
            var demanded = Duplex(Addressing with { Paths = Paths(all) }, MessageParts.None);
            Assert.That(() => Request(Duplex(Addressing with { Paths = Paths(left) }, MessageParts.None), demanded), Refused.With(unsigned));
            Assert.That(
                () => Request(Duplex(null, Select(left)) with { MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt }, Duplex(null, Select(all)) with { MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt }),
                Refused.With(SecurityFailure.EncryptedPartMissing));
        }

        Assert.That(() => Request(Duplex(Addressing with { Paths = Paths(one, other) }, MessageParts.None), Duplex(Addressing with { Paths = Paths(all) }, MessageParts.None)), Throws.Nothing);
    }

    [TestCase("//c:card")]
    [TestCase("//t:Key")]
    [TestCase("/s:Envelope/s:Body")]
    public void VerifyRequest_ContentLeftReadable_IsRefused(string path)
    {
        var order = MessageProtectionOrder.SignBeforeEncrypt;
        Assert.That(
            () => Request(Duplex(null, Select("//c:sum")) with { MessageProtectionOrder = order }, Duplex(null, Content(path)) with { MessageProtectionOrder = order }),
            Refused.With(SecurityFailure.EncryptedPartMissing));
    }

    [Test]
    public void VerifyRequest_ElementDemandedAndOnlyItsContentEncrypted_IsRefused() => Assert.That(
        () => Request(Duplex(null, Content("//c:card")), Duplex(null, Select("//c:card"))), Refused.With(SecurityFailure.EncryptedPartMissing));

    [Test]
    public void VerifyRequest_ContentDemandedAndTheElementEncrypted_IsAccepted() => Assert.That(
        () => Request(Duplex(null, Select("//c:card")), Duplex(null, Content("//c:card"))), Throws.Nothing);

    // Attacks

    [Test]
    public void VerifyRequest_SignedElementMovedAndReplaced_IsRefused()
    {
        Attack(Select("//c:pay/c:card[1]"), SecurityFailure.SignedElementNotInPlace, wire =>
        {
            var card = wire.Envelope.Descendants(Calc + "card").First();
            wire.Header.Add(new XElement("Wrapper", Copy(card)));
            card.WithoutId().Value = "6666";
        });
    }

    [Test]
    public void VerifyRequest_SignedElementOfAHeaderMovedToTheBody_IsRefused()
    {
        Attack(Select("/s:Envelope/s:Header/t:Tenant/t:Key"), SecurityFailure.SignedElementNotInPlace, wire =>
        {
            var key = wire.Envelope.Descendants(Tenant + "Key").First();
            wire.Body.Elements().First().Add(Copy(key));
            key.Remove();
        });
    }

    [Test]
    public void VerifyRequest_OneMoreElementThatThePathSelects_IsRefused()
    {
        Attack(Select("//c:card"), SecurityFailure.SignedPartMissing, wire => wire.Body.Elements().First().Add(new XElement(Calc + "card", "6666")), matchesName: true);
        Attack(Select("//t:Key"), SecurityFailure.SignedPartMissing, wire => wire.Header.Element(Tenant + "Tenant")!.Add(new XElement(Tenant + "Key", "6666")), matchesName: true);
    }

    [Test]
    public void VerifyRequest_HeaderAddedWhereEveryHeaderIsSigned_IsRefused() =>
        Attack(new MessageParts { Body = true, AllHeaders = true }, SecurityFailure.SignedPartMissing, wire => wire.Header.Add(new XElement((XNamespace)"urn:new" + "Header", "x")));

    [Test]
    public void VerifyRequest_SignedElementUnderASecondBody_IsRefused() =>
        Attack(Select("/s:Envelope/s:Body/c:pay/c:sum"), SecurityFailure.SignedElementNotInPlace, wire =>
        {
            var body = new XElement(wire.Body);
            wire.Header.Add(new XElement("Wrapper", body));
            wire.Body.Descendants(Calc + "sum").First().WithoutId().Value = "9";
        });

    // A path that no longer fits does not let what was signed pass as something else.
    [Test]
    public void VerifyRequest_AttributeThatThePathAsksForChanged_IsRefused() =>
        Attack(Select("//c:card[@number='1']"), SecurityFailure.DigestMismatch, wire => wire.Envelope.Descendants(Calc + "card").First().SetAttributeValue("number", "2"));

    [TestCase("//c:card", "//c:card", true)]
    [TestCase("//c:card[@number]", "//c:card[@number]", true)]
    [TestCase("//c:nothing", "//c:card", false)]
    public void RequiredElements_AreDemandedOfBothSides(string path, string presentPath, bool isThere)
    {
        Assert.That(presentPath, Is.Not.Empty);
        var required = SecurityPolicy.CertificateSignature with { RequiredParts = new MessageParts { Paths = Paths(path) } };
        Assert.That(() => Request(required, required), isThere ? Throws.Nothing : Refused.With(SecurityFailure.RequiredPartMissing));
        Assert.That(() => Request(SecurityPolicy.CertificateSignature, required), isThere ? Throws.Nothing : Refused.With(SecurityFailure.RequiredPartMissing));
    }

    [Test]
    public void RequiredParts_InReplies_AreDemandedUnlessTheReplyIsAFault()
    {
        var required = SecurityPolicy.CertificateSignature with { RequiredParts = new ProtectedParts { Reply = new MessageParts { Headers = [new QualifiedName("urn:tenant", "Tenant")] } } };
        var parties = TestParties.Of(required, SecurityPolicy.CertificateSignature);
        var (wire, pending) = parties.Protect(TestParties.Envelope(Body, Presets.Headers));
        using var request = parties.Verify(wire);
        byte[] Reply(string body) => parties.ProtectReply(request, TestParties.Envelope(body, "<a:RelatesTo>urn:uuid:1</a:RelatesTo>"));

        Assert.That(() => pending.VerifyReply(Reply("<s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring></s:Fault>"), parties.Context), Throws.Nothing);
        Assert.That(() => pending.VerifyReply(Reply(Body), parties.Context), Refused.With(SecurityFailure.RequiredPartMissing));
    }

    [Test]
    public void RequiredParts_OverTransport_AreDemanded()
    {
        var required = SecurityPolicy.UserNameOverTransport with { RequiredParts = new MessageParts { Headers = [new QualifiedName("urn:tenant")] } };

        Assert.That(() => Request(SecurityPolicy.UserNameOverTransport, required, string.Empty), Refused.With(SecurityFailure.RequiredPartMissing));
        Assert.That(() => Request(SecurityPolicy.UserNameOverTransport, required), Throws.Nothing);
    }

    [TestCase("/s:Envelope")]
    [TestCase("/s:Envelope/s:Header")]
    public void ProtectRequest_PathOfWhatCannotBeAPart_Throws(string path)
    {
        Assert.That(() => Request(Duplex(Select(path), null), Duplex(null, null)), Refused.With(SecurityFailure.SignedPartMissing));
        Assert.That(() => Request(Duplex(null, Select(path)), Duplex(null, null)), Refused.With(SecurityFailure.EncryptedPartMissing));
        Assert.That(() => Request(Duplex(null, null), Duplex(Select(path), null)), Refused.With(SecurityFailure.SignedPartMissing));
    }

    [Test]
    public void ProtectRequest_BodyToBeEncryptedAsAnElement_Throws() =>
        Assert.That(() => Request(Duplex(null, Select("//s:Body")), Duplex(null, null)), Refused.With(SecurityFailure.EncryptedPartMissing));

    private static readonly SecurityPolicy[] Contradictions =
    [
        Duplex(Content("//c:card"), null),
        Duplex(null, null) with { RequiredParts = new MessageParts { Body = true } },
        Duplex(null, null) with { RequiredParts = new MessageParts { AllHeaders = true } },
        Duplex(null, null) with { RequiredParts = Content("//c:card") },
        Duplex(Select("//w:Security/*"), null),
        Duplex(null, null) with { RequiredParts = Select("/s:Envelope/s:Header/w:Security") },
    ];

    [TestCaseSource(nameof(Contradictions))]
    public void Initiator_PartsThatMakeNoSense_AreRefused(SecurityPolicy policy) => Assert.That(() => TestParties.Of(policy).Initiator, Throws.ArgumentException);

    private static XNamespace Calc => "urn:calc";

    private static XNamespace Tenant => "urn:tenant";

    // With its prefixes, which the digest shows.
    private static XElement Copy(XElement element) =>
        new(element.Name, new XAttribute(XNamespace.Xmlns + element.GetPrefixOfNamespace(element.Name.Namespace)!, element.Name.NamespaceName), element.Attributes(), element.Nodes());

    private static void Attack(MessageParts signed, SecurityFailure failure, Action<Wire> change, bool matchesName = false)
    {
        var parties = Presets.Parties(SecurityPolicy.CertificateSignature with { SignedParts = signed });
        var wire = parties.Protect(TestParties.Envelope(Body, Headers)).Wire;
        Assert.That(() => parties.Verify(Wire.Change(wire, change)), Refused.With(matchesName ? SecurityFailure.SignedElementNotInPlace : failure));
        Assert.That(() => parties.Verify(wire).Dispose(), Throws.Nothing);
    }

    private static void Request(SecurityPolicy client, SecurityPolicy service, string headers = Headers)
    {
        var parties = TestParties.Of(client, service);
        parties.Context = new MessageContext { IsTransportProtected = Presets.IsOverTransport(service) };
        parties.Verify(parties.Protect(TestParties.Envelope(Body, headers)).Wire).Dispose();
    }

    private static SecurityPolicy Duplex(MessageParts? signed, MessageParts? encrypted) => SecurityPolicy.MutualCertificateDuplex with
    {
        SignedParts = signed is null ? null : (ProtectedParts)signed,
        EncryptedParts = encrypted is null ? null : (ProtectedParts)encrypted,
    };

    private static MessageParts Select(params string[] paths) => new() { Paths = Paths(paths) };

    private static MessageParts Content(params string[] paths) => new() { ContentPaths = Paths(paths) };

    private static LocationPath[] Paths(params string[] paths) => [.. paths.Select(path => LocationPath.Parse(path, new Dictionary<string, string>
    {
        ["s"] = "http://schemas.xmlsoap.org/soap/envelope/", ["c"] = "urn:calc", ["t"] = "urn:tenant", ["w"] = Wire.Wsse.NamespaceName,
    }))];
}
