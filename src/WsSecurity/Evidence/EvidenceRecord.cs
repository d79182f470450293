using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace WsSecurity.Evidence;

/// <summary>An entry of a trail, read. It says what the entry claims; <see cref="EvidenceVerifier"/> says whether to believe it.</summary>
public sealed class EvidenceRecord
{
    private readonly EvidenceHeader _header;
    private readonly EvidenceEntry _entry;

    private EvidenceRecord(EvidenceEntry entry, EvidenceHeader header)
    {
        _entry = entry;
        _header = header;
    }

    /// <summary>Its number in the trail.</summary>
    public long Sequence => _header.Sequence;

    /// <summary>The trail's random name.</summary>
    public string Trail => _header.Trail;

    /// <summary>When the host chained it.</summary>
    public DateTimeOffset Time => _header.Time;

    /// <summary><c>Message</c>, <c>Checkpoint</c>, <c>Timestamp</c> or <c>Opened</c>.</summary>
    public string Kind => _header.Kind;

    /// <summary>Which way the message went; null for what is none.</summary>
    public EvidenceDirection? Direction => Text("direction") is { } direction ? Enum.Parse<EvidenceDirection>(direction) : null;

    /// <summary>The random name that a request and its reply share.</summary>
    public string? Exchange => Text("exchange");

    /// <summary>The endpoint's name.</summary>
    public string? Endpoint => Text("endpoint");

    /// <summary>When the message was verified or protected.</summary>
    public DateTimeOffset? MessageTime => _header.Record.TryGetProperty("time", out var time) ? EvidenceHeader.ParseTime(time) : null;

    /// <summary>The message's action: the verified one, else what its carrier said.</summary>
    public string? Action => Text("verifiedAction") ?? Text("action");

    /// <summary>Why the message was refused; null where it was not.</summary>
    public string? Failure => Text("failure");

    /// <summary>The precise reason of the refusal.</summary>
    public string? Reason => Text("reason");

    /// <summary>What was left out of the octets: <c>passwords</c>, or <c>everything</c> of what was no XML and looked as if it held one.</summary>
    public string? Withheld => Text("withheld");

    /// <summary>Whom the verified tokens name.</summary>
    public IReadOnlyList<string> Tokens => [.. List("tokens").Select(token => token.GetProperty("name").GetString()!)];

    /// <summary>The certificates by which the tokens were believed, each token's own first, up to the anchor.</summary>
    public IReadOnlyList<X509Certificate2> Certificates =>
        [.. List("tokens")
            .Where(token => token.TryGetProperty("certificates", out _))
            .SelectMany(token => token.GetProperty("certificates").EnumerateArray())
            .Select(certificate => X509CertificateLoader.LoadCertificate(certificate.GetBytesFromBase64()))];

    /// <summary>The octets: of the message as it was received or sent, of a checkpoint's signature, of a timestamp token.</summary>
    public ReadOnlyMemory<byte> Content => _entry.Content;

    /// <summary>The header in JSON: everything that was found, with algorithms and places.</summary>
    public ReadOnlyMemory<byte> Header => _entry.Header;

    internal EvidenceHeader Parsed => _header;

    /// <summary>Whether the content is the one that the header names; a checkpoint's is none of its header's.</summary>
    internal bool HasItsContent
    {
        get
        {
            if (Kind is EvidenceKind.Checkpoint)
            {
                return true;
            }

            return _header.Record.TryGetProperty("content", out var content)
                ? content.GetProperty("length").GetInt64() == _entry.Content.Length
                    && content.GetProperty("sha256").GetString() == Convert.ToHexStringLower(SHA256.HashData(_entry.Content.Span))
                : _entry.Content.IsEmpty;
        }
    }

    /// <summary>What is known beside the envelope, as the role knew it then.</summary>
    internal MessageContext Context => new()
    {
        Action = Text("action"),
        EndpointAddress = Text("address") is { } address ? new Uri(address, UriKind.RelativeOrAbsolute) : null,
        Charset = Text("charset"),
        IsTransportProtected = _header.Record.TryGetProperty("transportProtected", out var isProtected) && isProtected.GetBoolean(),
        ProtectionLevel = Text("protectionLevel") is { } level ? Enum.Parse<ProtectionLevel>(level) : null,
    };

    /// <summary>Reads an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="FormatException">It is none, or of a later format.</exception>
    public static EvidenceRecord Read(EvidenceEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new EvidenceRecord(entry, EvidenceHeader.Read(entry.Header));
    }

    private string? Text(string name) => _header.Record.TryGetProperty(name, out var value) ? value.GetString() : null;

    private IEnumerable<JsonElement> List(string name) =>
        _header.Record.TryGetProperty(name, out var list) ? list.EnumerateArray() : Enumerable.Empty<JsonElement>();
}
