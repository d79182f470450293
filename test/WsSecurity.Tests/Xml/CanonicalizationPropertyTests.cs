using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using NUnit.Framework;
using WsSecurity.Xml;
using XmlElement = WsSecurity.Xml.XmlElement;

namespace WsSecurity.Tests.Xml;

[TestFixture]
internal sealed class CanonicalizationPropertyTests
{
    private const int Documents = 800;

    private static readonly string[] PrefixLists = ["", "a", "#default", "a b #default ab xsi", "c nosuch"];

    [Test]
    public void CanonicalizeDocument_RandomDocuments_AgreesWithPlatformTransforms([Values] DocumentStyle style, [Values] bool comments)
    {
        for (int seed = 0; seed < Documents; seed++)
        {
            string xml = new DocumentGenerator(seed, style).Generate();
            using XmlIndex index = XmlTesting.Scan(xml);
            CanonicalizationMethod exclusive = comments ? CanonicalizationMethod.ExclusiveWithComments : CanonicalizationMethod.Exclusive;
            CanonicalizationMethod inclusive = comments ? CanonicalizationMethod.Inclusive10WithComments : CanonicalizationMethod.Inclusive10;
            Assert.That(Document(exclusive, index), Is.EqualTo(Transformed(new XmlDsigExcC14NTransform(comments), xml)), $"seed {seed}\n{xml}");
            Assert.That(Document(inclusive, index), Is.EqualTo(Transformed(new XmlDsigC14NTransform(comments), xml)), $"seed {seed}\n{xml}");
        }
    }

    [Test]
    public void Canonicalize_RandomElements_AgreesWithPlatformTransformOfTheElementAlone([Values] DocumentStyle style)
    {
        for (int seed = 0; seed < Documents; seed++)
        {
            string xml = new DocumentGenerator(seed, style).Generate();
            using XmlIndex index = XmlTesting.Scan(xml);
            var random = new Random(seed);
            var apex = new XmlElement(index, random.Next(index.Count));
            string prefixes = PrefixLists[random.Next(PrefixLists.Length)];

            string exclusive = Standalone(apex, inheritXmlAttributes: false);
            Assert.That(
                XmlTesting.Canonical(CanonicalizationMethod.Exclusive, apex, prefixes),
                Is.EqualTo(Transformed(new XmlDsigExcC14NTransform(prefixes), exclusive)),
                $"seed {seed}, PrefixList '{prefixes}', octet {apex.Start}\n{xml}");

            string inclusive = Standalone(apex, inheritXmlAttributes: true);
            Assert.That(
                XmlTesting.Canonical(CanonicalizationMethod.Inclusive10WithComments, apex),
                Is.EqualTo(Transformed(new XmlDsigC14NTransform(includeComments: true), inclusive)),
                $"seed {seed}, octet {apex.Start}\n{xml}");
        }
    }

    [Test]
    public void Canonicalize_EveryElementInPlace_IsWhatTheWriterWrites([Values] DocumentStyle style)
    {
        int inPlace = 0;
        for (int seed = 0; seed < Documents * 2; seed++)
        {
            string xml = new DocumentGenerator(seed, style).Generate();
            using XmlIndex index = XmlTesting.Scan(xml);
            for (int row = 0; row < index.Count; row++)
            {
                var apex = new XmlElement(index, row);
                foreach (string prefixes in PrefixLists)
                {
                    bool claimed = CanonicalInPlace.Is(apex, PrefixList.Parse(prefixes));
                    inPlace += claimed ? 1 : 0;
                    string octets = Encoding.UTF8.GetString(apex.Octets.Span);
                    string written = XmlTesting.Written(CanonicalizationMethod.Exclusive, apex, prefixes);
                    if (claimed ? written != octets : written == octets && prefixes.Length == 0)
                    {
                        Assert.Fail($"Seed {seed}, octet {apex.Start}, PrefixList '{prefixes}', claimed {claimed}, written\n{written}\nin\n{xml}");
                    }
                }
            }
        }

        Assert.That(inPlace, Is.GreaterThan(Documents));
    }

    [Test]
    public void Canonicalize_Result_IsCanonicalInPlaceAndReadsTheSameInTheDictionaryReader()
    {
        for (int seed = 0; seed < Documents; seed++)
        {
            string xml = new DocumentGenerator(seed).Generate();
            using XmlIndex index = XmlTesting.Scan(xml);
            string canonical = XmlTesting.Canonical(CanonicalizationMethod.Exclusive, index.Root);

            using XmlIndex again = XmlTesting.Scan(canonical);
            Assert.That(CanonicalInPlace.Is(again.Root, PrefixList.Empty), Is.True, $"seed {seed}\n{canonical}");

            using XmlDictionaryReader reader = XmlDictionaryReader.CreateTextReader(Encoding.UTF8.GetBytes(canonical), XmlDictionaryReaderQuotas.Max);
            var document = new XmlDocument { PreserveWhitespace = true };
            document.Load(reader);
            Assert.That(Transformed(new XmlDsigExcC14NTransform(), document), Is.EqualTo(canonical), $"seed {seed}");
        }
    }

    [Test]
    public void Canonicalize_RandomSubtreeOmitted_IsTheFormOfTheDocumentWithoutIt([Values] DocumentStyle style)
    {
        for (int seed = 0; seed < Documents; seed++)
        {
            string xml = new DocumentGenerator(seed, style).Generate();
            using XmlIndex index = XmlTesting.Scan(xml);
            if (index.Count < 2)
            {
                continue;
            }

            var omitted = new XmlElement(index, 1 + (seed % (index.Count - 1)));
            using XmlIndex without = XmlTesting.Scan(
                Encoding.UTF8.GetString(index.Utf8.Span[..omitted.Start]) + Encoding.UTF8.GetString(index.Utf8.Span[omitted.End..]));
            foreach (CanonicalizationMethod method in CanonicalizationMethod.All)
            {
                Assert.That(
                    XmlTesting.Canonical(method, index.Root, omitted: omitted), Is.EqualTo(XmlTesting.Canonical(method, without.Root)), $"seed {seed}\n{xml}");
            }
        }
    }

    [Test]
    public void WriteReadable_RandomElements_HasTheSameCanonicalForm([Values] DocumentStyle style)
    {
        for (int seed = 0; seed < Documents; seed++)
        {
            string xml = new DocumentGenerator(seed, style).Generate();
            using XmlIndex index = XmlTesting.Scan(xml);
            var apex = new XmlElement(index, seed % index.Count);
            string prefixes = PrefixLists[seed % PrefixLists.Length];
            foreach (CanonicalizationMethod method in CanonicalizationMethod.All)
            {
                using var sink = new OctetSequenceBuilder(index.Utf8);
                method.WriteReadable(apex, PrefixList.Parse(prefixes), sink);
                using XmlIndex readable = XmlTesting.Scan(Encoding.UTF8.GetString(sink.ToSequence()));
                Assert.That(
                    XmlTesting.Canonical(method, readable.Root, prefixes), Is.EqualTo(XmlTesting.Canonical(method, apex, prefixes)), $"seed {seed}\n{xml}");
            }
        }
    }

    [Test]
    public void CanonicalizeContent_BelowACanonicalStartTag_GivesTheElementsOwnForm([Values] DocumentStyle style)
    {
        for (int seed = 0; seed < Documents; seed++)
        {
            string xml = new DocumentGenerator(seed, style).Generate();
            using XmlIndex index = XmlTesting.Scan(xml);
            var element = new XmlElement(index, seed % index.Count);
            string prefixes = PrefixLists[seed % PrefixLists.Length];
            foreach (CanonicalizationMethod method in CanonicalizationMethod.All)
            {
                string whole = XmlTesting.Written(method, element, prefixes);
                using XmlIndex canonical = XmlTesting.Scan(whole);
                using var sink = new OctetSequenceBuilder(index.Utf8);
                method.CanonicalizeContent(element, canonical.Root.NamespacesInScope(), PrefixList.Parse(prefixes), sink);

                string expected = Encoding.UTF8.GetString(canonical.Utf8.Span[canonical.Root.ContentStart..canonical.Root.ContentEnd]);
                Assert.That(Encoding.UTF8.GetString(sink.ToSequence()), Is.EqualTo(expected), $"seed {seed}, {method.Uri}\n{xml}");
            }
        }
    }

    private static string Document(CanonicalizationMethod method, XmlIndex index)
    {
        using var sink = new OctetSequenceBuilder(index.Utf8);
        method.CanonicalizeDocument(index, PrefixList.Empty, omitted: default, sink);
        return Encoding.UTF8.GetString(sink.ToSequence());
    }

    private static string Transformed(Transform transform, string xml)
    {
        var document = new XmlDocument { PreserveWhitespace = true };
        using var reader = XmlReader.Create(
            new MemoryStream(Encoding.UTF8.GetBytes(xml)), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        document.Load(reader);
        return Transformed(transform, document);
    }

    private static string Transformed(Transform transform, XmlDocument document)
    {
        transform.LoadInput(document);
        using var output = new StreamReader((Stream)transform.GetOutput(typeof(Stream)));
        return output.ReadToEnd();
    }

    /// <summary>The element as a document of its own that has everything the surroundings would lend it.</summary>
    private static string Standalone(XmlElement element, bool inheritXmlAttributes)
    {
        var lent = new StringBuilder();
        var own = new HashSet<string>();
        var reader = new XmlTagReader(element.Index.Source, element.Row);
        while (reader.Read())
        {
            own.Add(Encoding.UTF8.GetString(element.Index.Source.Slice(reader.NameStart, reader.NameLength)));
        }

        foreach (NamespaceDeclaration declaration in element.NamespacesInScope())
        {
            string name = declaration.Prefix.Length == 0 ? "xmlns" : "xmlns:" + declaration.Prefix;
            if (own.Add(name))
            {
                lent.Append(' ').Append(name).Append("=\"").Append(declaration.Uri.Replace("&", "&amp;", StringComparison.Ordinal)).Append('"');
            }
        }

        for (XmlElement ancestor = element.Parent; inheritXmlAttributes && !ancestor.IsNone; ancestor = ancestor.Parent)
        {
            foreach (WsSecurity.Xml.XmlAttribute attribute in ancestor.Attributes)
            {
                string name = $"xml:{Encoding.UTF8.GetString(attribute.LocalName)}";
                if (attribute.Prefix.SequenceEqual("xml"u8) && own.Add(name))
                {
                    lent.Append(' ').Append(name).Append("=\"").Append(Encoding.UTF8.GetString(attribute.RawValue)).Append('"');
                }
            }
        }

        int nameEnd = 1 + Encoding.UTF8.GetString(element.QualifiedName).Length;
        string whole = Encoding.UTF8.GetString(element.Octets.Span);
        return whole[..nameEnd] + lent + whole[nameEnd..];
    }
}
