using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>
/// A named curve for ECDH-ES (XML Encryption 1.1 section 5.7.3; XML Signature 1.1 section 4.5.2.3). Explicit parameters are never read: who chooses
/// the curve chooses what a private key gives away. All of these have the cofactor 1, so that a point of the curve, which the platform checks when it imports
/// one, is of the right order. X25519 and X448 are not here, since .NET 10 has no public type for them.
/// </summary>
internal sealed class AgreementCurve
{
    // RFC 5480, section 2.1.1.1; RFC 5639, section 4.1.
    private static readonly AgreementCurve[] All =
    [
        new("1.2.840.10045.3.1.7", "P-256", 256), new("1.3.132.0.34", "P-384", 384), new("1.3.132.0.35", "P-521", 521),
        new("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", 256), new("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", 384), new("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", 512),
    ];

    private AgreementCurve(string oid, string name, int bits)
    {
        Oid = oid;
        Name = name;
        FieldSize = (bits + 7) / 8;
    }

    public string Oid { get; }

    public string Name { get; }

    /// <summary>NamedCurve's URI.</summary>
    public string Uri => $"urn:oid:{Oid}";

    /// <summary>Octets of a coordinate.</summary>
    public int FieldSize { get; }

    public static AgreementCurve? Find(string untrustedUri) => Array.Find(All, curve => curve.Uri == untrustedUri);

    /// <summary>The curve of a key; null where it is none of those that are supported.</summary>
    public static AgreementCurve? Of(ECDiffieHellman key)
    {
        try
        {
            var curve = key.ExportParameters(includePrivateParameters: false).Curve;
            return curve.IsNamed ? Array.Find(All, known => known.Oid == curve.Oid.Value || (curve.Oid.Value is null && known.Oid == OidOf(curve))) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>A key for one message.</summary>
    public ECDiffieHellman Generate() => ECDiffieHellman.Create(ECCurve.CreateFromValue(Oid));

    /// <summary>The octets of a public key: 04, x, y (SEC 1 section 2.3.3).</summary>
    public byte[] Encode(ECDiffieHellman key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [4, .. Pad(point.X!), .. Pad(point.Y!)];
    }

    /// <summary>Reads a public key of this curve.</summary>
    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.InvalidOriginatorKey"/>: it is not uncompressed, or no point of the curve.</exception>
    public ECDiffieHellman Decode(ReadOnlySpan<byte> point)
    {
        if (point.Length != 1 + (2 * FieldSize) || point[0] != 4)
        {
            throw Refuse(null);
        }

        ECDiffieHellman? key = null;
        try
        {
            // A point of another curve would give the private key away piece by piece (invalid curve attack, Biehl, Meyer and Müller 2000).
            key = ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.CreateFromValue(Oid),
                Q = new ECPoint { X = point.Slice(1, FieldSize).ToArray(), Y = point[(1 + FieldSize)..].ToArray() },
            });
            return Encode(key).AsSpan().SequenceEqual(point) ? key : throw Refuse(null);
        }
        catch (Exception exception)
        {
            key?.Dispose();
            throw exception is CryptographicException or ArgumentException ? Refuse(exception) : exception;
        }
    }

    public override string ToString() => Name;

    private static string? OidOf(ECCurve curve) => curve.Oid.FriendlyName is { } name ? new Oid(name).Value : null;

    private byte[] Pad(byte[] coordinate) => [.. new byte[FieldSize - coordinate.Length], .. coordinate];

    private WsSecurityException Refuse(Exception? inner) =>
        new(SecurityFailure.InvalidOriginatorKey, $"The originator's key is no uncompressed point of the curve {Name}.", inner);
}
