using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Policy.WsSecurityPolicy;
using WsSecurity.Tests.Vectors;

namespace WsSecurity.Tests.Policy.WsSecurityPolicy;

/// <summary>WSS4J's pairs of policies and their normal forms.</summary>
[VectorFixture]
internal sealed class PolicyNormalizerTests
{
    [TestCaseSource(nameof(Pairs))]
    public void Normalize_ForeignPolicy_HasTheAlternativesOfItsNormalForm(string compact, string normal)
    {
        var expected = Show(SharedVectors.Require(normal));
        Assert.That(expected, Is.Not.Empty);
        Assert.That(Show(SharedVectors.Require(compact)), Is.EquivalentTo(expected));
    }

    private static IEnumerable<TestCaseData> Pairs()
    {
        yield return Pair("wss4j/policy-model/WSP15_432-compact.xml", "wss4j/policy-model/WSP15_432-normalized.xml");
        foreach (var version in new[] { "sp11", "sp12", "sp13" })
        {
            var folder = $"wss4j/policy-model/model/{version}";
            foreach (var file in Directory.EnumerateFiles(SharedVectors.Require(folder), "*.xml").Where(IsPair).Order(StringComparer.Ordinal))
            {
                yield return Pair($"{folder}/{Path.GetFileName(file)}", $"{folder}/normalized/{Path.GetFileName(file)}");
            }
        }
    }

    // WSS4J wrote the parts that it understood into this one, rather than those that stand there.
    private static bool IsPair(string file) => Path.GetFileName(file) != "SupportingTokens.xml";

    private static TestCaseData Pair(string compact, string normal) =>
        new TestCaseData(compact, normal).SetArgDisplayNames(compact["wss4j/policy-model/".Length..]);

    private static List<string> Show(string file)
    {
        using var stream = File.OpenRead(file);
        var documents = PolicyDocuments.Only(PolicyDocument.Load(stream));
        return [.. new PolicyNormalizer(documents) { KeepsOptionalTokens = false }.Normalize([documents.Main.Root]).Select(Show)];
    }

    private static string Show(IReadOnlyList<PolicyAssertion> alternative) => string.Join(' ', alternative.Select(Show));

    // WSS4J writes the default inclusion out.
    private static bool IsStatedDefault(XAttribute attribute) =>
        attribute.Name.LocalName == "IncludeToken" && attribute.Value.EndsWith("/Always", StringComparison.Ordinal);

    private static string Show(PolicyAssertion assertion)
    {
        var attributes = assertion.Element.Attributes()
            .Where(attribute => !attribute.IsNamespaceDeclaration && attribute.Name.LocalName != "Optional" && !IsStatedDefault(attribute))
            .Select(attribute => $"{attribute.Name}={attribute.Value}").Order(StringComparer.Ordinal);
        var parameters = assertion.Parameters.Select(parameter => $"{parameter.Name}:{string.Concat(parameter.DescendantNodes().OfType<XText>().Select(text => text.Value.Trim()))}");
        return $"{assertion.Name}({string.Join(',', attributes)})[{string.Join(',', parameters)}]{(assertion.Nested is null ? string.Empty : $"<{Show(assertion.Nested)}>")}";
    }
}
