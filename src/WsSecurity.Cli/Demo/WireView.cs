using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml;
using System.Xml.Linq;
using WsSecurity.Cli.SecondOpinion;

namespace WsSecurity.Cli.Demo;

/// <summary>
/// Prints an envelope as it was on the wire, and beside each element whether it is signed (S) and encrypted (E), by what the wire itself
/// says. Indented for reading; namespace declarations are left out, long values cut.
/// </summary>
internal sealed class WireView
{
    private const int LongestValue = 32;
    private const int LongestAttribute = 14;

    private static readonly XNamespace Wsse = Namespaces.Wsse;
    private static readonly XNamespace Wsu = Namespaces.Wsu;
    private static readonly XNamespace Dsig = Namespaces.Dsig;
    private static readonly XNamespace Xenc = Namespaces.Xenc;

    // Their content is the machinery of XML Signature and XML Encryption, the same in every message.
    private static readonly XName[] Folded = [Dsig + "Reference", Dsig + "KeyInfo", Dsig + "CanonicalizationMethod", Xenc + "EncryptionMethod"];

    private readonly Terminal _terminal;
    private readonly string _sender;
    private readonly string _receiver;
    private readonly HashSet<string> _signedIds;

    private WireView(Terminal terminal, XDocument document, string sender, string receiver)
    {
        _terminal = terminal;
        _sender = sender;
        _receiver = receiver;
        var references = document.Descendants(Dsig + "Reference").Select(reference => (string?)reference.Attribute("URI"));
        _signedIds = [.. references.OfType<string>().Select(uri => uri.TrimStart('#'))];
    }

    public static void Print(byte[] wire, Terminal terminal, string sender, string receiver)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, IgnoreWhitespace = true };
        using var reader = XmlReader.Create(new MemoryStream(wire), settings);
        var document = XDocument.Load(reader);
        new WireView(terminal, document, sender, receiver).Print(document.Root!, depth: 0, isSigned: false, isEncrypted: false);
    }

    private void Print(XElement element, int depth, bool isSigned, bool isEncrypted)
    {
        isSigned |= IdsOf(element).Any(_signedIds.Contains);
        isEncrypted |= element.Name == Xenc + "EncryptedData";
        var name = NameOf(element);
        var start = $"<{name}{string.Concat(element.Attributes().Where(IsShown).Select(Show))}";
        if (Note(element) is { } note)
        {
            Line(_terminal.Yellow("↓ " + note));
        }

        if (Folded.Contains(element.Name) && element.HasElements)
        {
            Line(Styled($"{start}>…</{name}>"));
        }
        else if (element.HasElements)
        {
            Line(Styled($"{start}>"));
            foreach (var child in element.Elements())
            {
                Print(child, depth + 1, isSigned, isEncrypted);
            }

            Line(Styled($"</{name}>"));
        }
        else
        {
            Line(Styled(element.Value.Length == 0 ? $"{start}/>" : $"{start}>{Cut(element.Value.Trim())}</{name}>"));
        }

        void Line(string text)
        {
            var signed = isSigned ? _terminal.Green("S") : " ";
            var encrypted = isEncrypted ? _terminal.Magenta("E") : " ";
            _terminal.WriteLine($"  {signed}{encrypted} {new string(' ', depth * 2)}{text}");
        }

        string Styled(string text) => isEncrypted ? _terminal.Magenta(text) : isSigned ? _terminal.Green(text) : _terminal.Dim(text);
    }

    private string? Note(XElement element) => element.Name switch
    {
        var name when name == Wsse + "BinarySecurityToken" => DescribeToken(element),
        var name when name == Xenc + "EncryptedKey" => $"a fresh key, which {_receiver} alone can unwrap",
        var name when name == Dsig + "Signature" => $"by {_sender}, over what is marked S",
        var name when name == Xenc + "EncryptedData" => $"readable by {_receiver} alone",
        _ => null,
    };

    private static string? DescribeToken(XElement token)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(token.Value));
            return $"the certificate of {certificate.Subject}";
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static bool IsShown(XAttribute attribute) => !attribute.IsNamespaceDeclaration && attribute.Name != "EncodingType";

    private static IEnumerable<string> IdsOf(XElement element) =>
        new[] { (string?)element.Attribute(Wsu + "Id"), (string?)element.Attribute("Id") }.OfType<string>();

    private static string NameOf(XElement element) =>
        element.GetPrefixOfNamespace(element.Name.Namespace) is { Length: > 0 } prefix
            ? $"{prefix}:{element.Name.LocalName}"
            : element.Name.LocalName;

    private static string Show(XAttribute attribute)
    {
        var prefix = attribute.Name.Namespace == XNamespace.None ? null : attribute.Parent!.GetPrefixOfNamespace(attribute.Name.Namespace);
        return $" {(prefix is null ? "" : prefix + ":")}{attribute.Name.LocalName}=\"{ShortenAttribute(attribute.Value)}\"";
    }

    // Of a URI the end tells, of an Id the beginning.
    private static string ShortenAttribute(string value) =>
        value.Contains("://", StringComparison.Ordinal) ? "…" + value[(value.TrimEnd('#').LastIndexOfAny(['/', '#']) + 1)..]
        : value.TrimStart('#').Length > LongestAttribute ? value[..(LongestAttribute + (value[0] == '#' ? 1 : 0))] + "…"
        : value;

    private static string Cut(string value) => value.Length <= LongestValue ? value : $"{value[..(LongestValue - 12)]}… ({value.Length:N0} characters)";
}
