using System.Text;
using System.Xml.Linq;

namespace WsSecurity.Interop.MonoWcf;

/// <summary>What somebody on the way can do to a message, and the bindings whose protection must notice it.</summary>
internal static class Tampering
{
    private static readonly XNamespace Soap = "http://www.w3.org/2003/05/soap-envelope";
    private static readonly XNamespace Addressing = "http://www.w3.org/2005/08/addressing";
    private static readonly XNamespace Wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    private static readonly XNamespace Wsu = UtilityPrefix.Namespace;
    private static readonly XNamespace Encryption = "http://www.w3.org/2001/04/xmlenc#";
    private static readonly XNamespace Signature = "http://www.w3.org/2000/09/xmldsig#";
    private static readonly XNamespace Conversation = "http://schemas.xmlsoap.org/ws/2005/02/sc";

    private static readonly string[] OfAny = ["timestamp", "no-timestamp", "body", "no-signature", "no-security", "wrap"];

    public static IEnumerable<TestCaseData> OfRequests => Cases(
    [
        .. Of("MutualCertificate", [.. OfAny, "to", "message-id", "signature", "encrypted-key", "nonce", "no-endorsement"]),
        .. Of("MutualCertificateWss10", [.. OfAny, "to", "message-id", "signature", "encrypted-key"]),
        .. Of("MutualCertificateWss10SignBeforeEncrypt", [.. OfAny, "digest-value", "signature-value"]),
    ]);

    public static IEnumerable<TestCaseData> OfReplies => Cases(
    [
        .. Of("MutualCertificate", [.. OfAny, "relates-to", "signature", "nonce"]),
        .. Of("MutualCertificateWss10", [.. OfAny, "relates-to", "signature", "encrypted-key"]),
        .. Of("MutualCertificateWss10SignBeforeEncrypt", [.. OfAny, "digest-value", "signature-value"]),
    ]);

    /// <summary>Those of them that Mono notices.</summary>
    public static IEnumerable<TestCaseData> OfRequestsToMono => OfRequests.Where(IsNoWrapping);

    /// <inheritdoc cref="OfRequestsToMono"/>
    public static IEnumerable<TestCaseData> OfRepliesToMono => OfReplies.Where(IsNoWrapping);

    /// <summary>The reasons for which an attack may be refused.</summary>
    public static SecurityFailure[] Failures(string kind) => kind switch
    {
        "to" or "message-id" or "relates-to" or "timestamp" => [SecurityFailure.DigestMismatch],
        "no-timestamp" => [SecurityFailure.TimestampMissing, SecurityFailure.UnresolvedReference],

        // Octets of CBC ciphertext decrypt to something, or to no XML.
        "body" => [SecurityFailure.DecryptionFailed, SecurityFailure.DigestMismatch],
        "signature" or "nonce" => [SecurityFailure.DecryptionFailed, SecurityFailure.SignatureInvalid],
        "encrypted-key" => [SecurityFailure.DecryptionFailed],
        "no-signature" or "no-endorsement" => [SecurityFailure.SignatureMissing],
        "no-security" => [SecurityFailure.SecurityHeaderMissing, SecurityFailure.UnsecuredReply],
        "digest-value" or "signature-value" => [SecurityFailure.SignatureInvalid],
        "wrap" => [SecurityFailure.SignedElementNotInPlace],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such attack."),
    };

    /// <summary>Does it; "nothing" only writes the message anew.</summary>
    public static byte[] Apply(string kind, byte[] message)
    {
        using var stream = new MemoryStream(message);
        var document = XDocument.Load(stream, LoadOptions.PreserveWhitespace);
        var header = document.Root!.Element(Soap + "Header")!;
        var body = document.Root.Element(Soap + "Body")!;
        var security = header.Element(Wsse + "Security");
        switch (kind)
        {
            case "nothing":
                break;
            case "to":
                header.Element(Addressing + "To")!.Value += "?";
                break;
            case "message-id":
                header.Element(Addressing + "MessageID")!.Value += "0";
                break;
            case "relates-to":
                header.Element(Addressing + "RelatesTo")!.Value += "0";
                break;
            case "timestamp":
                var expires = security!.Element(Wsu + "Timestamp")!.Element(Wsu + "Expires")!;
                expires.Value = expires.Value.Replace(".", ".1", StringComparison.Ordinal);
                break;
            case "no-timestamp":
                security!.Element(Wsu + "Timestamp")!.Remove();
                break;
            case "body":
                Flip(body.Descendants(Encryption + "CipherValue").Single());
                break;
            case "signature":
                Flip(security!.Elements(Encryption + "EncryptedData").First().Descendants(Encryption + "CipherValue").Single());
                break;
            case "digest-value" or "signature-value":
                Flip(security!.Descendants(Signature + (kind == "digest-value" ? "DigestValue" : "SignatureValue")).First());
                break;
            case "encrypted-key":
                Flip(security!.Element(Encryption + "EncryptedKey")!.Descendants(Encryption + "CipherValue").Single());
                break;
            case "nonce":
                Flip(security!.Elements(Conversation + "DerivedKeyToken").Last().Element(Conversation + "Nonce")!);
                break;
            case "no-signature":
                security!.Elements(Signature + "Signature").Remove();
                Remove(security, security.Elements(Encryption + "EncryptedData"));
                break;
            case "no-endorsement":
                Remove(security!, security!.Elements(Encryption + "EncryptedData").Skip(1));
                break;
            case "no-security":
                security!.Remove();
                break;
            case "wrap":
                body.Remove();
                header.Add(new XElement("wrapper", body));
                document.Root.Add(new XElement(Soap + "Body", Forged(document)));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such attack.");
        }

        return Encoding.UTF8.GetBytes(document.ToString(SaveOptions.DisableFormatting));
    }

    private static bool IsNoWrapping(TestCaseData attack) => !Equals(attack.Arguments[1], "wrap");

    private static XElement Forged(XDocument document)
    {
        XNamespace service = "urn:wssecurity:mono";
        var isReply = document.Root!.Element(Soap + "Header")!.Element(Addressing + "RelatesTo") is not null;
        return isReply
            ? new XElement(service + "GreetResponse", new XElement(service + "GreetResult", "forged"))
            : new XElement(service + "Greet", new XElement(service + "what", "forged"));
    }

    // With what names them, as the sender would have written it without them.
    private static void Remove(XElement security, IEnumerable<XElement> encrypted)
    {
        var removed = encrypted.ToList();
        var names = removed.Select(data => $"#{(string?)data.Attribute("Id")}").ToHashSet();
        security.Descendants(Encryption + "DataReference").Where(reference => names.Contains((string)reference.Attribute("URI")!)).Remove();
        removed.Remove();
    }

    private static void Flip(XElement base64)
    {
        var octets = Convert.FromBase64String(base64.Value);
        octets[octets.Length / 2] ^= 1;
        base64.Value = Convert.ToBase64String(octets);
    }

    private static (string Profile, string Kind)[] Of(string profile, string[] kinds) => [.. kinds.Select(kind => (profile, kind))];

    private static IEnumerable<TestCaseData> Cases((string Profile, string Kind)[] cases) =>
        from one in cases where Peer.TakesPart select new TestCaseData(one.Profile, one.Kind);
}
