using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Tokens.X509;

/// <summary>
/// A certificate revocation list (RFC 5280, section 5), read without asking anybody. It answers for one issuer and all certificates; lists that are
/// partial, indirect, or hold what is not understood and critical are refused, since from them nobody could conclude that a certificate is good.
/// </summary>
internal sealed class RevocationList
{
    private const string IssuingDistributionPoint = "2.5.29.28";
    private const string Reason = "2.5.29.21";

    private readonly ReadOnlyMemory<byte> _signed;
    private readonly ListSignature _signature;
    private readonly byte[] _issuer;
    private readonly HashSet<BigInteger> _revoked = [];

    private RevocationList(ReadOnlyMemory<byte> encoded)
    {
        var list = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
        _signed = list.PeekEncodedValue();
        var content = list.ReadSequence();
        var algorithm = list.ReadEncodedValue();
        _signature = ListSignature.Read(algorithm, list.ReadBitString(out _));
        list.ThrowIfNotEmpty();

        if (content.PeekTag() == Asn1Tag.Integer)
        {
            content.ReadInteger();
        }

        if (!content.ReadEncodedValue().Span.SequenceEqual(algorithm.Span))
        {
            throw new AsnContentException("The list states two signature algorithms.");
        }

        _issuer = content.ReadEncodedValue().ToArray();
        ThisUpdate = ReadTime(content);
        NextUpdate = content.HasData && IsTime(content.PeekTag()) ? ReadTime(content) : null;
        if (content.HasData && content.PeekTag() == Asn1Tag.Sequence)
        {
            ReadEntries(content.ReadSequence());
        }

        if (content.HasData)
        {
            RefuseCritical(content.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)).ReadSequence(), allowed: null);
        }

        content.ThrowIfNotEmpty();
    }

    public DateTimeOffset ThisUpdate { get; }

    /// <summary>When a newer list is due; null where the list does not say, and then it is never in force.</summary>
    public DateTimeOffset? NextUpdate { get; }

    /// <exception cref="CryptographicException">It is no list that can be used.</exception>
    public static RevocationList Read(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            return new RevocationList(encoded);
        }
        catch (AsnContentException exception)
        {
            throw new CryptographicException($"It is no certificate revocation list in DER, or one that is partial or not understood: {exception.Message}", exception);
        }
    }

    public bool IsInForce(DateTimeOffset now) => ThisUpdate <= now && NextUpdate is { } next && now <= next;

    public bool Holds(X509Certificate2 certificate) => _revoked.Contains(new BigInteger(certificate.SerialNumberBytes.Span, isBigEndian: true));

    /// <summary>Whether an authority made this list: its name, a key that may sign lists (RFC 5280, section 4.2.1.3), and its signature.</summary>
    public bool IsBy(X509Certificate2 issuer)
    {
        foreach (var extension in issuer.Extensions)
        {
            if (extension is X509KeyUsageExtension usage && (usage.KeyUsages & X509KeyUsageFlags.CrlSign) == 0)
            {
                return false;
            }
        }

        return issuer.SubjectName.RawData.AsSpan().SequenceEqual(_issuer) && _signature.Fits(_signed.Span, issuer);
    }

    private void ReadEntries(AsnReader entries)
    {
        while (entries.HasData)
        {
            var entry = entries.ReadSequence();
            _revoked.Add(entry.ReadInteger());
            ReadTime(entry);
            if (entry.HasData)
            {
                // A reason tells nothing that changes the answer; an entry of another issuer does.
                RefuseCritical(entry.ReadSequence(), allowed: Reason);
            }
        }
    }

    private static void RefuseCritical(AsnReader extensions, string? allowed)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var oid = extension.ReadObjectIdentifier();
            var isCritical = extension.PeekTag() == Asn1Tag.Boolean && extension.ReadBoolean();
            var isWhole = oid == IssuingDistributionPoint && IsWhole(extension.ReadOctetString());
            if (isCritical && oid != allowed && !isWhole)
            {
                throw new AsnContentException($"The extension {oid} is critical.");
            }
        }
    }

    // RFC 5280, section 5.2.5: a point that only says where the list is found leaves it whole.
    private static bool IsWhole(byte[] point)
    {
        var content = new AsnReader(point, AsnEncodingRules.DER).ReadSequence();
        while (content.HasData)
        {
            if (content.PeekTag().TagValue != 0)
            {
                return false;
            }

            content.ReadEncodedValue();
        }

        return true;
    }

    private static bool IsTime(Asn1Tag tag) => tag == Asn1Tag.UtcTime || tag == Asn1Tag.GeneralizedTime;

    private static DateTimeOffset ReadTime(AsnReader reader) => reader.PeekTag() == Asn1Tag.UtcTime ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();
}
