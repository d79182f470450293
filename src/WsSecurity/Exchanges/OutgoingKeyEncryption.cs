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
    {
        var suite = party.Suite;
        var form = party.NamedForm(target);
        if (target.VerificationKey is RsaSignatureKey { Key: var publicKey })
        {
            suite.RequireRsaKeyLength(publicKey.KeySize);
            var (transport, parameters) = suite.KeyTransport;
            CipherValue = transport.Encrypt(publicKey, secret, parameters);
            Method = _algorithm = transport.Uri;
            _parameters = transport.IsOaep ? parameters : null;
            _writeKeyInfo = writer => X509TokenWriter.WriteReference(writer, target, form);
            return;
        }

        var (agreementKey, curve) = suite.AgreesKeys && target.AgreementKey is { } agreement
            ? agreement
            : throw new InvalidOperationException($"The certificate '{target.Certificate.Subject}' has no key that the algorithm suite {suite.Name} encrypts for.");
        var derivation = CreateDerivation(party);
        using var originator = curve.Generate();
        var wrappingKey = KeyAgreementAlgorithm.Agree(originator, agreementKey, derivation, suite.KeyWrap.KeySize);
        CipherValue = suite.KeyWrap.Wrap(wrappingKey, secret);
        CryptographicOperations.ZeroMemory(wrappingKey);
        var point = curve.Encode(originator);
        Method = KeyAgreementAlgorithm.EcdhEs;
        _algorithm = suite.KeyWrap.Uri;
        _writeKeyInfo = writer => AgreementMethodWriter.Write(
            writer, derivation, suite.KeyWrap.KeySize, curve, point, inner => X509TokenWriter.WriteReference(inner, target, form));
    }

    public byte[] CipherValue { get; }

    /// <summary>How the key is protected: the key transport, or the key agreement.</summary>
    public string Method { get; }

    public byte[] Write(string id, IReadOnlyList<string>? references) =>
        EncryptionWriter.WriteKey(id, _algorithm, _parameters, CipherValue, references, _writeKeyInfo);

    private static KeyDerivationMethod CreateDerivation(Party party) => party.Policy.KeyDerivation == KeyDerivation.Hkdf
        ? new HmacKeyDerivation(party.Suite.Digest, RandomNumberGenerator.GetBytes(party.Suite.Digest.Size), [])
        : new ConcatKeyDerivation(party.Suite.Digest, ReadOnlyMemory<byte>.Empty);
}
