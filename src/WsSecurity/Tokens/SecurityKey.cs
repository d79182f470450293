using System.Security.Cryptography;
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

/// <summary>The key of a SAML assertion's subject; an assertion without one can be named, and cannot sign.</summary>
internal sealed class SamlKey(SamlAssertion assertion) : SecurityKey
{
    public SamlAssertion Assertion { get; } = assertion;

    /// <exception cref="WsSecurityException">The assertion names no key, or nobody vouches for it.</exception>
    public SamlSubjectKey SubjectKey
    {
        get
        {
            if (Assertion.Seal is null)
            {
                throw new WsSecurityException(SecurityFailure.AssertionNotSigned, "A signature is by the key of a SAML assertion that its issuer did not sign.");
            }

            return Assertion.SubjectKey
                ?? throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "A signature is by the key of a SAML assertion that names none.");
        }
    }
}

/// <summary>A secret that came in an EncryptedKey, or that the request's EncryptedKey brought.</summary>
internal sealed class SymmetricKey : SecurityKey, IDisposable
{
    public SymmetricKey(byte[] secret, byte[] encryptedKeySha1, string keyTransport, bool isFromRequest = false)
    {
        Secret = secret;
        EncryptedKeySha1 = encryptedKeySha1;
        KeyTransport = keyTransport;
        IsFromRequest = isFromRequest;
    }

    public byte[] Secret { get; }

    /// <summary>SHA-1 of the decoded CipherValue (SOAP Message Security 1.1.1, section 7.3).</summary>
    public byte[] EncryptedKeySha1 { get; }

    public string KeyTransport { get; }

    public bool IsFromRequest { get; }

    /// <summary>The key that this one was derived from; null for a key that was encrypted itself.</summary>
    public SymmetricKey? Source { get; private init; }

    /// <summary>A key that a DerivedKeyToken makes of this one.</summary>
    public SymmetricKey Derive(byte[] derived) => new(derived, EncryptedKeySha1, KeyTransport, IsFromRequest) { Source = this };

    public void Dispose() => CryptographicOperations.ZeroMemory(Secret);
}
