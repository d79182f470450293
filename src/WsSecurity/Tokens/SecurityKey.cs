using System.Security.Cryptography;
using WsSecurity.Algorithms;
using WsSecurity.Tokens.Custom;
using WsSecurity.Tokens.Saml;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Tokens;

/// <summary>What a KeyInfo led to: a key that can verify or decrypt.</summary>
internal abstract class SecurityKey;

/// <summary>The key of a certificate.</summary>
internal sealed class CertificateKey(CertificateEntry certificate) : SecurityKey
{
    public CertificateEntry Certificate { get; } = certificate;
}

/// <summary>The public key of a SAML assertion's subject, which its issuer vouches for.</summary>
internal sealed class SamlKey(SamlAssertion assertion, SamlPublicKey subjectKey) : SecurityKey
{
    public SamlAssertion Assertion { get; } = assertion;

    public SamlPublicKey SubjectKey { get; } = subjectKey;
}

/// <summary>The key that a custom token claims; a token without one can be named, and cannot sign.</summary>
internal sealed class CustomKey(IncomingCustomToken token) : SecurityKey
{
    public IncomingCustomToken Token { get; } = token;

    /// <exception cref="WsSecurityException">The token brings no key.</exception>
    public CustomTokenKey Key => Token.Key ?? throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, $"A signature is by the key of a '{Token.Handler.Name}' token that brings none.");
}

/// <summary>
/// A secret that came in an EncryptedKey or with a Kerberos ticket, that the request brought so, that a SAML assertion's issuer shares with its subject, or that is derived
/// from a user's password.
/// </summary>
internal sealed class SymmetricKey : SecurityKey, IDisposable
{
    public SymmetricKey(byte[] secret, byte[] encryptedKeySha1, string? keyTransport, bool isFromRequest = false)
    {
        Secret = secret;
        EncryptedKeySha1 = encryptedKeySha1;
        KeyTransport = keyTransport;
        IsFromRequest = isFromRequest;
    }

    public byte[] Secret { get; }

    /// <summary>
    /// SHA-1 of the decoded CipherValue (SOAP Message Security 1.1.1, section 7.3), or of the Kerberos token's octets (Kerberos Token Profile 1.1.1, section 3.3).
    /// </summary>
    public byte[] EncryptedKeySha1 { get; }

    /// <summary>Null for a key that was not transported, but came with a Kerberos ticket, or is derived from a password.</summary>
    public string? KeyTransport { get; }

    /// <summary>Whether it is the key of a Kerberos ticket, which its client has from the KDC: unlike a key that anybody can encrypt for us, it tells who.</summary>
    public bool IsKerberos { get; init; }

    /// <summary>The client whom the ticket names; null on the client's own side.</summary>
    public KerberosVerifiedToken? Client { get; init; }

    /// <summary>The <c>wsu:Id</c> of the UsernameToken whose password the key is derived from, by which a reply names it; null for other keys, empty where the token has none.</summary>
    public string? UsernameTokenId { get; init; }

    /// <summary>Whether it is derived from a user's password (UsernameToken Profile 1.1.1, section 4), which tells who.</summary>
    public bool IsPasswordDerived => UsernameTokenId is not null;

    /// <summary>Whether the salt of such a key says that it encrypts, and so does not sign.</summary>
    public bool IsForEncryption { get; init; }

    public bool IsFromRequest { get; }

    /// <summary>Whether the key stood in a token, whose issuer encrypted it: the ciphertext under it is the same in every message that carries the token.</summary>
    public bool IsEnclosed { get; init; }

    /// <summary>The key that this one was derived from; null for a key that was encrypted itself.</summary>
    public SymmetricKey? Source { get; private init; }

    /// <summary>The assertion whose subject proves itself by this key; null for a key that says nothing of its holder.</summary>
    public SamlAssertionName? Assertion { get; set; }

    /// <summary>A key that a DerivedKeyToken makes of this one.</summary>
    public SymmetricKey Derive(byte[] derived) => new(derived, EncryptedKeySha1, KeyTransport, IsFromRequest) { Source = this, Assertion = Assertion, IsKerberos = IsKerberos, Client = Client, UsernameTokenId = UsernameTokenId };

    /// <summary>
    /// What a cipher takes of it. The KDC says how long a Kerberos key is; a cipher with a shorter one takes the octets in front, as WSS4J and CXF do, and as
    /// UsernameToken Profile 1.1.1, section 4.2, says of a key that is derived from a password.
    /// </summary>
    public ReadOnlySpan<byte> SecretFor(ContentEncryptionAlgorithm algorithm) =>
        (IsKerberos || IsPasswordDerived) && Source is null && Secret.Length > algorithm.KeySize ? Secret.AsSpan(0, algorithm.KeySize) : Secret;

    public void Dispose() => CryptographicOperations.ZeroMemory(Secret);
}
