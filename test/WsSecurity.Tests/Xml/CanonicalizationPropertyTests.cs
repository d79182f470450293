using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using NUnit.Framework;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Xml;

[TestFixture]
internal sealed class CanonicalizationPropertyTests
{
    private const int Documents = 1500;

    [Test]
    public void Canonicalize_RandomDocuments_AgreesWithPlatformTransforms([Values] DocumentStyle style)
    {
        for (int seed = 0; seed < Documents; seed++)
        {
            string xml = new DocumentGenerator(seed, style).Generate();
            using XmlIndex index = XmlTesting.Scan(xml);
            Assert.Multiple(() =>
            {
                foreach (bool comments in new[] { false, true })
                {
                    CompareDocument(index, xml, comments ? CanonicalizationMethod.ExclusiveWithComments : CanonicalizationMethod.Exclusive,
                        new XmlDsigExcC14NTransform(comments), seed);
                    CompareDocument(index, xml, comments ? CanonicalizationMethod.Inclusive10WithComments : CanonicalizationMethod.Inclusive10,
                        new XmlDsigC14NTransform(comments), seed);
                }
            });
            if (TestContext.CurrentContext.Result.FailCount > 0)
            {
                Assert.Fail(xml);
            }
        }
    }

    private static void CompareDocument(XmlIndex index, string xml, CanonicalizationMethod method, Transform transform, int seed)
    {
        using var sink = new OctetSequenceBuilder(index.Utf8);
        method.CanonicalizeDocument(index, PrefixList.Empty, default, sink);
        string actual = Encoding.UTF8.GetString(System.Buffers.BuffersExtensions.ToArray(sink.ToSequence()));
        var document = new XmlDocument { PreserveWhitespace = true };
        using (var reader = XmlReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(xml)), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit }))
        {
            document.Load(reader);
        }

        transform.LoadInput(document);
        using var output = new StreamReader((Stream)transform.GetOutput(typeof(Stream)));
        Assert.That(actual, Is.EqualTo(output.ReadToEnd()), $"seed {seed}, {method.Uri}\n{xml}");
    }
}
