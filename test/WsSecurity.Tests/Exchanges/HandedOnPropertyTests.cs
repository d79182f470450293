using System.Buffers;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;
using WsSecurity.Tests.Xml;

namespace WsSecurity.Tests.Exchanges;

/// <summary>What the recipient hands on reads, in the reader that WCF uses, as what the initiator was given, whatever the Body is like.</summary>
public sealed class HandedOnPropertyTests
{
    private static readonly XName Type = Wire.Xsi + "type";

    private static IEnumerable<TestCaseData> Cases =>
        from preset in Presets.ByName
        from order in Enum.GetValues<MessageProtectionOrder>()
        where order == default || !Presets.IsOverTransport(preset.Value)
        select new TestCaseData(preset.Key, order);

    [TestCaseSource(nameof(Cases))]
    public void VerifyRequest_RandomBody_HandsOnTheSameInfoset(string preset, MessageProtectionOrder order)
    {
        var parties = Presets.Parties(preset, order);
        for (var seed = 0; seed < 40; seed++)
        {
            var body = RandomBody(seed);
            var plain = Envelope(body, seed);
            AssertSame(parties, plain, seed);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void VerifyRequest_LargeBody_HandsOnTheSameInfoset(string preset, MessageProtectionOrder order)
    {
        var rows = new StringBuilder("<c:rows>");
        for (var i = 0; rows.Length < 1_000_000; i++)
        {
            rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"<c:row n=\"{i}\"><name xml:lang=\"de\">grün &amp; {i}</name><c:empty/></c:row>");
        }

        AssertSame(Presets.Parties(preset, order), Envelope(rows + "</c:rows>", 0), 0);
    }

    [TestCase("<a/>")]
    [TestCase("")]
    [TestCase("text alone")]
    [TestCase("\n  <c:a/>\n")]
    [TestCase("<!-- only a comment -->")]
    [TestCase("<a xmlns=\"urn:x\"><b xmlns=\"\"/></a>")]
    [TestCase("<c:a xmlns:c=\"urn:other\"/>")]
    [TestCase("<c:a i:type=\"c:T\"/>")]
    [TestCase("<a i:type=\"d:T\" xmlns:d=\"urn:d\"/>")]
    [TestCase("<a xml:space=\"preserve\"> </a>")]
    [TestCase("<a><![CDATA[<b>&]]></a>")]
    [TestCase("<a b='\"' c=\"&#10;&#9;&#13;\">&#13;\r\n&#x1F600;</a>")]
    [TestCase("<soap:a xmlns:soap=\"urn:x\" xmlns:wsu=\"urn:y\" wsu:b=\"1\"/>")]
    public void VerifyRequest_OddBody_HandsOnTheSameInfoset(string body)
    {
        foreach (var (preset, policy) in Presets.ByName)
        {
            foreach (var order in Enum.GetValues<MessageProtectionOrder>())
            {
                AssertSame(Presets.Parties(policy with { MessageProtectionOrder = order, RequireSignatureConfirmation = false }), Envelope(body, 1), 0, preset);
            }
        }
    }

    [Test]
    public void VerifyRequest_BodyWithAttributesOfItsOwn_HandsThemOn()
    {
        foreach (var preset in Presets.OfMessages)
        {
            foreach (var order in Enum.GetValues<MessageProtectionOrder>())
            {
                var plain = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Envelope("<c:a/>", 0)).Replace(
                    "<s:Body>", "<s:Body z:b='2' a='1' xmlns:z=\"urn:z\" xml:lang=\"de\" xmlns:unused='urn:u' c:c=\"3\">", StringComparison.Ordinal));
                AssertSame(Presets.Parties(preset, order), plain, 0, preset);
            }
        }
    }

    [Test]
    public void VerifyRequest_EnvelopeInTheDefaultNamespace_HandsOnTheSameInfoset()
    {
        foreach (var preset in Presets.OfMessages)
        {
            foreach (var order in Enum.GetValues<MessageProtectionOrder>())
            {
                var plain = Encoding.UTF8.GetBytes(
                    "<?xml version=\"1.0\"?><!-- before --><Envelope xmlns='http://www.w3.org/2003/05/soap-envelope'><Header/><Body><a xmlns=''><b xmlns='urn:b'/></a></Body></Envelope>");
                AssertSame(Presets.Parties(preset, order), plain, 0, preset);
            }
        }
    }

    private static void AssertSame(TestParties parties, byte[] plain, int seed, string name = "")
    {
        byte[] wire;
        try
        {
            wire = parties.Protect(plain).Wire;
        }
        catch (WsSecurityException exception) when (exception.Failure == SecurityFailure.RelativeNamespaceUri)
        {
            return;
        }

        VerifiedRequest request;
        try
        {
            request = parties.Verify(wire);
        }
        catch (WsSecurityException exception) when (exception.Failure is SecurityFailure.UnsignedPrefixBinding && seed > 0)
        {
            // The generator also writes types whose prefix is declared nowhere.
            return;
        }

        using (request)
        using (var reader = XmlDictionaryReader.CreateTextReader(request.Message.Envelope.ToArray(), XmlDictionaryReaderQuotas.Max))
        {
            var actual = Body(XDocument.Load(reader, LoadOptions.PreserveWhitespace));

            // Where nothing is signed the octets are handed on as they came, and WCF's reader leaves line ends in attributes as they are.
            using var untouched = XmlDictionaryReader.CreateTextReader(plain, XmlDictionaryReaderQuotas.Max);
            var expected = Body(Presets.IsOverTransport(parties.ServicePolicy)
                ? XDocument.Load(untouched, LoadOptions.PreserveWhitespace)
                : XDocument.Parse(Encoding.UTF8.GetString(plain), LoadOptions.PreserveWhitespace));
            Assert.That(actual, Is.EqualTo(expected), () => $"{name}, seed {seed}: {Encoding.UTF8.GetString(plain.AsSpan(0, Math.Min(plain.Length, 4000)))}");
        }
    }

    private static string RandomBody(int seed)
    {
        var document = new DocumentGenerator(seed).Generate();
        return document.StartsWith("<?xml", StringComparison.Ordinal) ? document[(document.IndexOf("?>", StringComparison.Ordinal) + 2)..] : document;
    }

    private static byte[] Envelope(string body, int seed) => Encoding.UTF8.GetBytes(
        $"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:c='urn:calc' xmlns:i=\"{Wire.Xsi.NamespaceName}\" xml:lang=\"en\"{(seed % 2 == 0 ? string.Empty : " xmlns=\"urn:default\"")}>"
        + $"<s:Body>{body}</s:Body></s:Envelope>");

    private static string Body(XDocument document)
    {
        var text = new StringBuilder();
        Write(document.Root!.Element(document.Root.Name.Namespace + "Body")!, text);
        return text.ToString();
    }

    private static void Write(XElement element, StringBuilder text)
    {
        text.Append('<').Append(element.Name);
        foreach (var attribute in element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration && attribute.Name != Wire.Wsu + "Id").OrderBy(attribute => attribute.Name.ToString(), StringComparer.Ordinal))
        {
            text.Append(' ').Append(attribute.Name).Append('=').Append(attribute.Name == Type ? Resolve(element, attribute.Value.Trim()) : attribute.Value);
        }

        text.Append('>');
        foreach (var node in element.Nodes())
        {
            if (node is XElement child)
            {
                Write(child, text);
            }
            else if (node is XText characters)
            {
                text.Append(characters.Value);
            }
        }

        text.Append("</>");
    }

    private static string Resolve(XElement element, string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var uri = colon < 0 ? element.GetDefaultNamespace() : element.GetNamespaceOfPrefix(name[..colon]);
        return $"{{{uri?.NamespaceName}}}{name[(colon + 1)..]}";
    }
}
