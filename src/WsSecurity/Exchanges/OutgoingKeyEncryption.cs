using System.Security.Cryptography;
using WsSecurity.Algorithms;
using WsSecurity.Encryption;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>A message's key encrypted for a certificate: transported under its RSA key, or wrapped under what is agreed on with its elliptic curve's.</summary>
internal sealed class OutgoingKeyEncryption
{
    private readonly string _algorithm;
    private readonly OaepParameters? _parameters;
    private readonly Action<Utf8XmlWriter> _writeKeyInfo;

    /// <exception cref="InvalidOperationException">The certificate has no key that the suite can encrypt for.</exception>
    public OutgoingKeyEncryption(Party party, CertificateEntry target, byte[] secret)
        : this(party.Suite, party.Policy.KeyDerivation, party.NamedForm(target), target, secret, party.Policy.EmitBspRequiredAttributes)
    {
    }

    /// <param name="suite">The algorithms.</param>
    /// <param name="keyDerivation">How a key that was agreed on becomes one that wraps.</param>
    /// <param name="form">How the certificate is named.</param>
    /// <param name="target">For whom.</param>
    /// <param name="secret">The key.</param>
    /// <param name="emitBspRequiredAttributes">Whether the certificate's name says how it is encoded.</param>
    /// <exception cref="InvalidOperationException">The certificate has no key that the suite can encrypt for.</exception>
    public OutgoingKeyEncryption(AlgorithmSuite suite, KeyDerivation keyDerivation, KeyReference form, CertificateEntry target, byte[] secret, bool emitBspRequiredAttributes = true)
    {
        if (target.VerificationKey is RsaSignatureKey { Key: var publicKey })
        {
            suite.RequireRsaKeyLength(publicKey.KeySize);
            var (transport, parameters) = suite.KeyTransport;
            CipherValue = transport.Encrypt(publicKey, secret, parameters);
            Method = _algorithm = transport.Uri;
            _parameters = transport.IsOaep ? parameters : null;
            _writeKeyInfo = writer => X509TokenWriter.WriteReference(writer, target, form, emitBspRequiredAttributes: emitBspRequiredAttributes);
            return;
        }

        var (agreementKey, curve) = suite.AgreesKeys && target.AgreementKey is { } agreement
            ? agreement
            : throw new InvalidOperationException($"The certificate '{target.Certificate.Subject}' has no key that the algorithm suite {suite.Name} encrypts for.");
        var derivation = CreateDerivation(suite, keyDerivation);
        using var originator = curve.Generate();
        var wrappingKey = KeyAgreementAlgorithm.Agree(originator, agreementKey, derivation, suite.KeyWrap.KeySize);
        CipherValue = suite.KeyWrap.Wrap(wrappingKey, secret);
        CryptographicOperations.ZeroMemory(wrappingKey);
        var point = curve.Encode(originator);
        Method = KeyAgreementAlgorithm.EcdhEs;
        _algorithm = suite.KeyWrap.Uri;
        _writeKeyInfo = writer => AgreementMethodWriter.Write(
            writer, derivation, suite.KeyWrap.KeySize, curve, point, inner => X509TokenWriter.WriteReference(inner, target, form, emitBspRequiredAttributes: emitBspRequiredAttributes));
    }

    public byte[] CipherValue { get; }

    /// <summary>How the key is protected: the key transport, or the key agreement.</summary>
    public string Method { get; }

    public byte[] Write(string id, IReadOnlyList<string>? references) =>
        EncryptionWriter.WriteKey(id, _algorithm, _parameters, CipherValue, references, _writeKeyInfo);

    private static KeyDerivationMethod CreateDerivation(AlgorithmSuite suite, KeyDerivation keyDerivation) => keyDerivation == KeyDerivation.Hkdf
        ? new HmacKeyDerivation(suite.Digest, RandomNumberGenerator.GetBytes(suite.Digest.Size), [])
        : new ConcatKeyDerivation(suite.Digest, ReadOnlyMemory<byte>.Empty);
}
