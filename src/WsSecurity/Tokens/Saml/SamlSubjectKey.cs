using WsSecurity.Algorithms;
using WsSecurity.Encryption;
using WsSecurity.Tokens.References;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Tokens.Saml;

/// <summary>The key of an assertion's subject, as a holder-of-key confirmation names it.</summary>
internal abstract record SamlSubjectKey;

/// <summary>A public key: that of the subject's certificate, or bare.</summary>
internal sealed record SamlPublicKey(SignatureKey VerificationKey, byte[] PublicKeyInfo, CertificateEntry? Certificate) : SamlSubjectKey
{
    public bool IsKeyOf(CertificateEntry certificate) => certificate.Certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(PublicKeyInfo);
}

/// <summary>The key of a certificate that is named and does not stand in the assertion.</summary>
internal sealed record SamlNamedCertificate(SecurityTokenReference Name) : SamlSubjectKey
{
    /// <summary>
    /// Whether the name fits one certificate only. Issuer and serial number, and a key identifier, are what a certification authority writes; another one can
    /// write the same.
    /// </summary>
    public bool IsUnique => Name is SecurityTokenReference.Thumbprint;
}

/// <summary>A secret that the issuer shares with the subject, encrypted for the relying party (WS-Trust 1.3, section 4.4.2: a symmetric proof key).</summary>
internal sealed record SamlProofKey(ParsedEncryptedKey Encrypted) : SamlSubjectKey
{
    /// <summary>The secret; null until it is decrypted, and where it is not for us.</summary>
    public SymmetricKey? Secret { get; init; }
}
