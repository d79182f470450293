using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using WsSecurity.Tests.Vectors;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Xml;

/// <summary>
/// The digests in every signature that the vectors hold, whatever its key: each proves one canonical form that a foreign implementation
/// computed. References with XPath, XSLT, STR-Transform and to other documents are left out, and documents with a document type.
/// </summary>
[VectorFixture]
internal sealed class ReferenceDigestVectorTests
{
    private const string Signature = "http://www.w3.org/2000/09/xmldsig#";
    private const string Encryption = "http://www.w3.org/2001/04/xmlenc#";
    private const string ExclusiveNamespace = "http://www.w3.org/2001/10/xml-exc-c14n#";

    /// <summary>Digests that are wrong on purpose, or were never computed.</summary>
    private static readonly string[] WrongOnPurpose =
    [
        "template", "bad-digest", "envelopingInvalidSignature", "signed_invalid.xml", "neg-saml2-tampered-role.xml", "tamper02-", "tamper06-",
        "enc08-", "excl03-",
    ];

    [TestCase("attacks-derived", 25)]
    [TestCase("cxf-wss4j", 20)]
    [TestCase("saml-derived", 15)]
    [TestCase("santuario", 240)]
    [TestCase("wss4j-1.6.19-generated", 30)]
    [TestCase("xmlsec", 125)]
    public void Canonicalize_EveryReferenceOfForeignSignatures_GivesTheDigestThatIsSigned(string folder, int atLeast)
    {
        string root = SharedVectors.Require(folder);
        var wrong = new List<string>();
        int right = 0;
        foreach (string file in Directory.EnumerateFiles(root, "*.xml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (Array.Exists(WrongOnPurpose, part => file.Contains(part, StringComparison.Ordinal)) || TryScan(file) is not { } index)
            {
                continue;
            }

            foreach (XmlElement reference in index.Root.Descendants)
            {
                if (reference.Is("Reference"u8, Signature) && IsDigestRight(reference) is { } result)
                {
                    right += result ? 1 : 0;
                    wrong.AddRange(result ? [] : [$"{Path.GetRelativePath(root, file)} {reference.GetAttribute("URI")}"]);
                }
            }

            index.Dispose();
        }

        TestContext.Out.WriteLine($"{right} digests");
        Assert.That(wrong, Is.Empty);
        Assert.That(right, Is.AtLeast(atLeast));
    }

    private static XmlIndex? TryScan(string file)
    {
        try
        {
            return XmlIndex.Scan(XmlEncoding.ToUtf8(File.ReadAllBytes(file), charset: null), ProcessingLimits.Default);
        }
        catch (WsSecurityException)
        {
            return null;
        }
    }

    /// <summary>Null for references that this test cannot follow.</summary>
    private static bool? IsDigestRight(XmlElement reference)
    {
        XmlElement target = Target(reference, out bool document);
        HashAlgorithmName? digest = Digest(reference);
        if (target.IsNone || digest is null || HoldsEncryptedData(target)
            || !reference.Child("DigestValue"u8, Signature).TryGetBase64(out byte[] expected))
        {
            return null;
        }

        CanonicalizationMethod? method = null;
        PrefixList prefixes = PrefixList.Empty;
        XmlElement omitted = default;
        foreach (XmlElement transform in reference.Child("Transforms"u8, Signature).Children)
        {
            string algorithm = transform.GetAttribute("Algorithm") ?? "";
            if (algorithm == Signature + "enveloped-signature")
            {
                omitted = reference.Parent.Parent;
            }
            else if (method is null && CanonicalizationMethod.Find(algorithm) is { } found)
            {
                method = found;
                prefixes = PrefixList.Parse(transform.Child("InclusiveNamespaces"u8, ExclusiveNamespace).GetAttribute("PrefixList"));
            }
            else
            {
                return null;
            }
        }

        // A same-document reference leaves comments out, whatever the method says (XML Signature, section 4.4.3.3).
        method ??= CanonicalizationMethod.Inclusive10;
        if (method.WithComments && reference.GetAttribute("URI")?.Contains("xpointer", StringComparison.Ordinal) != true)
        {
            method = CanonicalizationMethod.All.First(other => other.Version == method.Version && !other.WithComments);
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(digest.Value);
        using var sink = new HashSink(hash, reference.Index.Utf8);
        if (document)
        {
            method.CanonicalizeDocument(reference.Index, prefixes, omitted, sink);
        }
        else
        {
            method.Canonicalize(target, prefixes, omitted, sink);
        }

        return sink.GetHashAndReset().AsSpan().SequenceEqual(expected);
    }

    private static XmlElement Target(XmlElement reference, out bool document)
    {
        const string Pointer = "#xpointer(id('";
        string? uri = reference.GetAttribute("URI");
        document = uri is "" or "#xpointer(/)";
        if (document)
        {
            return reference.Index.Root;
        }

        string? id = uri switch
        {
            null => null,
            _ when uri.StartsWith(Pointer, StringComparison.Ordinal) => uri[Pointer.Length..^3],
            ['#', ..] => uri[1..],
            _ => null,
        };
        XmlElement target = default;
        foreach (XmlElement element in reference.Index.Root.Descendants)
        {
            foreach (XmlAttribute attribute in element.Attributes)
            {
                if (Encoding.UTF8.GetString(attribute.LocalName) is "Id" or "ID" or "id" or "AssertionID" && attribute.GetValue() == id)
                {
                    if (!target.IsNone)
                    {
                        return default;
                    }

                    target = element;
                }
            }
        }

        return target;
    }

    private static HashAlgorithmName? Digest(XmlElement reference) => reference.Child("DigestMethod"u8, Signature).GetAttribute("Algorithm")?.Split('#')[^1] switch
    {
        "md5" => HashAlgorithmName.MD5,
        "sha1" => HashAlgorithmName.SHA1,
        "sha256" => HashAlgorithmName.SHA256,
        "sha384" => HashAlgorithmName.SHA384,
        "sha512" => HashAlgorithmName.SHA512,
        _ => null,
    };

    private static bool HoldsEncryptedData(XmlElement element)
    {
        foreach (XmlElement descendant in element.Descendants)
        {
            if (descendant.Is("EncryptedData"u8, Encryption))
            {
                return true;
            }
        }

        return false;
    }
}
