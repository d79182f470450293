using System.Security.Cryptography;
using WsSecurity.Algorithms;
using WsSecurity.Encryption;
using WsSecurity.Specifications;
using WsSecurity.Tokens;
using WsSecurity.Tokens.DerivedKeys;
using WsSecurity.Tokens.References;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>Decrypts the key in an xenc:EncryptedKey: transported under RSA, wrapped under what is agreed on, or under a key that is known.</summary>
/// <param name="party">Whose private keys decrypt.</param>
/// <param name="keys">The keys of the message.</param>
/// <param name="isEnclosed">Whether the key stands in a token, whose issuer knows the relying party and not the message; so it names a certificate, or nobody.</param>
internal sealed class EncryptedKeyDecryption(Party party, IncomingKeys keys, bool isEnclosed = false)
{
    /// <param name="parsed">The EncryptedKey.</param>
    /// <param name="content">What the key is for, where that is known; it tells the key's length.</param>
    /// <exception cref="WsSecurityException">Its key is not ours, or how it is encrypted is not allowed.</exception>
    public SymmetricKey Decrypt(ParsedEncryptedKey parsed, ContentEncryptionAlgorithm? content)
    {
        var length = content is null ? (party.Suite.MinSymmetricKeyLength, party.Suite.MaxSymmetricKeyLength) : (content.KeySize, content.KeySize);
        var first = parsed.KeyInfo.FirstChild;
        return AgreementMethodReader.Is(first) ? ReadAgreedKey(parsed, AgreementMethodReader.Read(first), length)
            : parsed.UntrustedAlgorithm == party.Suite.KeyWrap.Uri && !isEnclosed ? ReadWrappedKey(parsed, length)
            : ReadTransportedKey(parsed, length);
    }

    private SymmetricKey ReadTransportedKey(ParsedEncryptedKey parsed, (int Min, int Max) length)
    {
        var (transport, parameters) = party.Suite.FindKeyTransport(parsed.UntrustedAlgorithm, parsed.UntrustedDigest, parsed.UntrustedMaskGeneration, parsed.Label);
        var privateKey = isEnclosed && parsed.KeyInfo.IsNone ? party.Keys.DecryptionKey : party.Keys.FindDecryptionKey(FindRecipient(parsed.KeyInfo, parsed.Element));
        if (privateKey is null)
        {
            throw NotOurs(null);
        }

        keys.HasUsedSecret = true;
        var secret = transport.Decrypt(privateKey, parsed.CipherValue, parameters, length.Min, length.Max);
        return new SymmetricKey(secret, SHA1.HashData(parsed.CipherValue), transport.Uri) { IsEnclosed = isEnclosed };
    }

    // XML Encryption 1.1, section 5.7.3. Everything that the peer chooses is looked at before the private key is used.
    private SymmetricKey ReadAgreedKey(ParsedEncryptedKey parsed, ParsedAgreementMethod agreement, (int Min, int Max) length)
    {
        var suite = party.Suite;
        suite.RequireKeyAgreement(agreement.UntrustedAlgorithm);
        var wrap = suite.FindKeyWrap(parsed.UntrustedAlgorithm);
        var derivation = suite.FindKeyDerivation(agreement.UntrustedDerivation, agreement.UntrustedDigest, agreement.OtherInfo, agreement.Salt, agreement.Info);
        if (agreement.KeyLength is { } stated && stated != wrap.KeySize)
        {
            throw new WsSecurityException(SecurityFailure.InvalidEncryptionStructure, $"HKDFParams derive {stated} octets, and {wrap.Name} takes {wrap.KeySize}.");
        }

        var certificate = AgreementMethodReader.ReadPublicKey(agreement.RecipientKeyInfo) is var (recipientCurve, recipientPoint)
            ? party.Keys.FindAgreementCertificate(recipientCurve, recipientPoint) ?? throw NotOurs(null)
            : FindRecipient(agreement.RecipientKeyInfo, parsed.Element);
        if (party.Keys.FindAgreementKey(certificate) is not { } privateKey || certificate.AgreementKey is not { Curve: var curve })
        {
            throw NotOurs(null);
        }

        if (agreement.UntrustedCurve != curve.Uri)
        {
            throw new WsSecurityException(
                SecurityFailure.InvalidOriginatorKey, $"The originator's key is of the curve '{RefusedValue.Show(agreement.UntrustedCurve)}', and ours of {curve.Name}.");
        }

        using var originator = curve.Decode(agreement.OriginatorPoint);
        keys.HasUsedSecret = true;
        var wrappingKey = KeyAgreementAlgorithm.Agree(privateKey, originator, derivation, wrap.KeySize);
        try
        {
            return new SymmetricKey(Unwrap(wrap, wrappingKey, parsed, length), SHA1.HashData(parsed.CipherValue), KeyAgreementAlgorithm.EcdhEs) { IsEnclosed = isEnclosed };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(wrappingKey);
        }
    }

    // XML Encryption 1.1, section 5.6: under another key of the message, or of the request.
    private SymmetricKey ReadWrappedKey(ParsedEncryptedKey parsed, (int Min, int Max) length)
    {
        var wrap = party.Suite.FindKeyWrap(parsed.UntrustedAlgorithm);
        if (keys.Resolve(SecurityTokenReference.FromKeyInfo(parsed.KeyInfo), parsed.Element).Key is not SymmetricKey wrapping)
        {
            throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "A wrapped key names a key that is not symmetric.");
        }

        keys.HasUsedSecret = true;
        return new SymmetricKey(Unwrap(wrap, wrapping.Secret, parsed, length), SHA1.HashData(parsed.CipherValue), wrap.Uri, wrapping.IsFromRequest);
    }

    private static byte[] Unwrap(KeyWrapAlgorithm wrap, byte[] wrappingKey, ParsedEncryptedKey parsed, (int Min, int Max) length)
    {
        var secret = wrap.Unwrap(wrappingKey, parsed.CipherValue);
        if (secret.Length >= length.Min && secret.Length <= length.Max)
        {
            return secret;
        }

        CryptographicOperations.ZeroMemory(secret);
        throw new WsSecurityException(SecurityFailure.DecryptionFailed, "A wrapped key could not be unwrapped.");
    }

    private CertificateEntry FindRecipient(XmlElement keyInfo, XmlElement user)
    {
        try
        {
            var reference = SecurityTokenReference.FromKeyInfo(keyInfo);
            var mayBe = isEnclosed ? reference.NamesCertificate : !keys.Names(reference, IsSymmetric);
            return mayBe && keys.Resolve(reference, user).Key is CertificateKey key ? key.Certificate : throw NotOurs(null);
        }
        catch (WsSecurityException exception) when (exception.Failure == SecurityFailure.SecurityTokenUnavailable)
        {
            throw NotOurs(exception);
        }
    }

    private static WsSecurityException NotOurs(Exception? inner) =>
        new(SecurityFailure.DecryptionKeyUnavailable, "An EncryptedKey is for a certificate whose private key we do not hold.", inner);

    private static bool IsSymmetric(XmlElement token) => token.Is("EncryptedKey"u8, XmlEncryption.Namespace) || DerivedKeyToken.Is(token);
}
