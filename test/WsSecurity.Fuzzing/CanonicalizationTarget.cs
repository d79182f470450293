using System.Buffers;
using WsSecurity.Xml;

namespace WsSecurity.Fuzzing;

/// <summary>Canonicalizes a document by every method: the form is stable, and octets that are taken in place are those that would be written.</summary>
internal static class CanonicalizationTarget
{
    private static readonly PrefixList Listed = PrefixList.Of("#default", "a", "b");

    public static void Read(byte[] octets)
    {
        using XmlIndex index = XmlIndex.Scan(XmlEncoding.ToUtf8(octets, charset: null), ProcessingLimits.Default);
        foreach (CanonicalizationMethod method in CanonicalizationMethod.All)
        {
            byte[] once = Document(method, index, Listed);
            using XmlIndex again = XmlIndex.Scan(once, ProcessingLimits.Default with { MaxMessageSize = int.MaxValue });
            FuzzTarget.Require(Document(method, again, Listed).AsSpan().SequenceEqual(once), "canonicalizing twice changes nothing");
        }

        using XmlIndex canonical = XmlIndex.Scan(Document(CanonicalizationMethod.Exclusive, index, PrefixList.Empty), ProcessingLimits.Default);
        FuzzTarget.Require(CanonicalInPlace.Is(canonical.Root, PrefixList.Empty), "a canonical form is recognized");

        foreach (XmlElement element in index.Root.Descendants)
        {
            CheckInPlace(element, PrefixList.Empty);
            CheckInPlace(element, Listed);
            _ = CanonicalizationMethod.DependsOnOuterPrefix(element, PrefixList.Empty);
        }
    }

    private static void CheckInPlace(XmlElement element, PrefixList prefixes)
    {
        if (CanonicalInPlace.Is(element, prefixes))
        {
            using var sink = new OctetSequenceBuilder(element.Index.Utf8);
            CanonicalizationMethod.Exclusive.WriteCanonical(element, prefixes, omitted: default, sink);
            FuzzTarget.Require(sink.ToSequence().ToArray().AsSpan().SequenceEqual(element.Octets.Span), "octets in place are those that are written");
        }
    }

    private static byte[] Document(CanonicalizationMethod method, XmlIndex index, PrefixList prefixes)
    {
        using var sink = new OctetSequenceBuilder(index.Utf8);
        method.CanonicalizeDocument(index, prefixes, omitted: default, sink);
        return sink.ToSequence().ToArray();
    }
}
