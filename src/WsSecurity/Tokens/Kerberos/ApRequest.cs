using System.Formats.Asn1;
using System.Text;

namespace WsSecurity.Tokens.Kerberos;

/// <summary>What an AP-REQ shows to anybody (RFC 4120, sections 5.3 and 5.5.1): for whom its ticket is, and by which key it is encrypted.</summary>
/// <param name="Realm">The realm of the service.</param>
/// <param name="Service">The service, <c>HTTP/host</c>.</param>
/// <param name="EncryptionType">The encryption type of the service's key.</param>
/// <param name="KeyVersion">The version of the service's key; null where it is not said.</param>
/// <param name="Authenticator">
/// The encrypted authenticator. Nobody but who made it can make another ciphertext of it, or a second one for the same ticket, so that it names the request.
/// </param>
internal sealed record ApRequest(string Realm, string Service, int EncryptionType, long? KeyVersion, byte[] Authenticator)
{
    // RFC 4121, section 4.1: what an AP-REQ has in front inside of a GSS token, and the mechanism's identifier before it (RFC 1964, section 1).
    private const string Mechanism = "1.2.840.113554.1.2.2";
    private static readonly byte[] TokenId = [0x01, 0x00];

    private static readonly Asn1Tag GssTag = new(TagClass.Application, 0, isConstructed: true);
    private static readonly Asn1Tag ApRequestTag = new(TagClass.Application, 14, isConstructed: true);
    private static readonly Asn1Tag TicketTag = new(TagClass.Application, 1, isConstructed: true);
    private static readonly Asn1Tag GeneralString = new(UniversalTagNumber.GeneralString);

    /// <summary>Takes the AP-REQ out of a GSS token (RFC 2743, section 3.1).</summary>
    /// <exception cref="AsnContentException">It is none of Kerberos with an AP-REQ.</exception>
    public static byte[] Unwrap(ReadOnlyMemory<byte> token)
    {
        var reader = new AsnReader(token, AsnEncodingRules.DER);
        var content = Content(reader.PeekEncodedValue(), GssTag);
        reader.ReadEncodedValue();
        reader.ThrowIfNotEmpty();
        if (AsnDecoder.ReadObjectIdentifier(content.Span, AsnEncodingRules.DER, out var consumed) != Mechanism
            || !content.Span[consumed..].StartsWith(TokenId))
        {
            throw new AsnContentException("The GSS token is of another mechanism than Kerberos, or holds something else than an AP-REQ.");
        }

        return content[(consumed + TokenId.Length)..].ToArray();
    }

    /// <summary>Puts an AP-REQ into a GSS token.</summary>
    public static byte[] Wrap(ReadOnlySpan<byte> request)
    {
        var mechanism = new AsnWriter(AsnEncodingRules.DER);
        mechanism.WriteObjectIdentifier(Mechanism);
        byte[] content = [.. mechanism.Encode(), .. TokenId, .. request];

        // The length in DER: the content is no ASN.1 that a writer could write.
        var octets = new AsnWriter(AsnEncodingRules.DER);
        octets.WriteOctetString(content, new Asn1Tag(TagClass.Application, 0));
        var wrapped = octets.Encode();
        wrapped[0] |= 0x20;
        return wrapped;
    }

    /// <summary>Reads an AP-REQ.</summary>
    /// <exception cref="AsnContentException">It is none.</exception>
    public static ApRequest Read(ReadOnlyMemory<byte> octets)
    {
        var reader = new AsnReader(octets, AsnEncodingRules.DER);
        var application = reader.ReadSequence(ApRequestTag);
        reader.ThrowIfNotEmpty();
        var request = application.ReadSequence();
        application.ThrowIfNotEmpty();
        DemandNumber(request, 0, 5, "pvno");
        DemandNumber(request, 1, 14, "msg-type");
        Field(request, 2).ReadBitString(out _);
        var ticketField = Field(request, 3);
        var (_, _, authenticator) = ReadEncryptedData(Field(request, 4));
        request.ThrowIfNotEmpty();

        var ticketApplication = ticketField.ReadSequence(TicketTag);
        ticketField.ThrowIfNotEmpty();
        var ticket = ticketApplication.ReadSequence();
        ticketApplication.ThrowIfNotEmpty();
        DemandNumber(ticket, 0, 5, "tkt-vno");
        var realm = ReadText(Field(ticket, 1));
        var service = ReadName(Field(ticket, 2));
        var (encryptionType, version, _) = ReadEncryptedData(Field(ticket, 3));
        ticket.ThrowIfNotEmpty();
        return new ApRequest(realm, service, encryptionType, version, authenticator);
    }

    private static (int EncryptionType, long? Version, byte[] Cipher) ReadEncryptedData(AsnReader field)
    {
        var data = field.ReadSequence();
        field.ThrowIfNotEmpty();
        if (!Field(data, 0).TryReadInt32(out var encryptionType))
        {
            throw new AsnContentException("An encryption type is out of bounds.");
        }

        long? version = null;
        if (data.HasData && data.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 1)))
        {
            version = Field(data, 1).TryReadInt64(out var number) ? number : throw new AsnContentException("A key version is out of bounds.");
        }

        var cipher = Field(data, 2).ReadOctetString();
        data.ThrowIfNotEmpty();
        return (encryptionType, version, cipher);
    }

    private static string ReadName(AsnReader field)
    {
        var name = field.ReadSequence();
        field.ThrowIfNotEmpty();
        Field(name, 0).ReadInteger();
        var parts = Field(name, 1).ReadSequence();
        name.ThrowIfNotEmpty();
        var texts = new List<string>();
        while (parts.HasData)
        {
            texts.Add(ReadText(parts));
        }

        return string.Join('/', texts);
    }

    private static string ReadText(AsnReader reader) =>
        reader.TryReadPrimitiveCharacterStringBytes(GeneralString, out var octets) ? Encoding.UTF8.GetString(octets.Span) : throw new AsnContentException("A name is no GeneralString.");

    private static void DemandNumber(AsnReader sequence, int field, int number, string what)
    {
        if (!Field(sequence, field).TryReadInt32(out var found) || found != number)
        {
            throw new AsnContentException($"{what} is not {number}.");
        }
    }

    private static AsnReader Field(AsnReader sequence, int number) => sequence.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, number));

    private static ReadOnlyMemory<byte> Content(ReadOnlyMemory<byte> value, Asn1Tag expected)
    {
        var tag = AsnDecoder.ReadEncodedValue(value.Span, AsnEncodingRules.DER, out var offset, out var length, out _);
        return tag == expected ? value.Slice(offset, length) : throw new AsnContentException("It is no GSS token.");
    }
}
