using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using WsSecurity.Algorithms;
using WsSecurity.Encryption;
using WsSecurity.Signatures;
using WsSecurity.Timestamps;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Attacks;

/// <summary>Writes messages as somebody does who knows the format and holds some keys, and keeps to no policy of ours.</summary>
internal static class Forgery
{
    public const string Marker = "<!--signature-->";

    private const string Wsu = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

    public static string Envelope(string security, string body = TestParties.Body11, string headers = "", string onEnvelope = "", string? bodyElement = null) =>
        $"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:a=\"http://www.w3.org/2005/08/addressing\" {onEnvelope}><s:Header>{headers}"
        + $"<wsse:Security xmlns:wsse=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd\">{security}</wsse:Security></s:Header>"
        + (bodyElement ?? $"<s:Body xmlns:wsu=\"{Wsu}\" wsu:Id=\"body\">{body}</s:Body>") + "</s:Envelope>";

    public static string Timestamp(DateTimeOffset created, string id = "time", TimeSpan? lifetime = null) =>
        Written(output => TimestampWriter.Write(output, id, created, lifetime ?? TimeSpan.FromMinutes(5)));

    public static string Token(X509Certificate2 certificate, string id = "token") =>
        $"<w:BinarySecurityToken xmlns:w=\"{Wire.Wsse.NamespaceName}\" xmlns:u=\"{Wsu}\" u:Id=\"{id}\">{Convert.ToBase64String(certificate.RawData)}</w:BinarySecurityToken>";

    public static (string Xml, byte[] Sha1) EncryptedKey(
        byte[] secret, X509Certificate2 target, string id = "key", IReadOnlyList<string>? references = null, AlgorithmSuite? suite = null)
    {
        using var rsa = target.GetRSAPublicKey()!;
        var transport = (suite ?? AlgorithmSuite.Basic256GCMSha256).KeyTransport;
        var cipherValue = transport.Algorithm.Encrypt(rsa, secret, transport.Parameters);
        var entry = new CertificateEntry(target);
        var octets = EncryptionWriter.WriteKey(
            id, transport.Algorithm.Uri, transport.Algorithm.IsOaep ? transport.Parameters : null, cipherValue, references, writer => X509TokenWriter.WriteReference(writer, entry, KeyReference.Thumbprint));
        return (Encoding.UTF8.GetString(octets), SHA1.HashData(cipherValue));
    }

    public static string EncryptedData(byte[] secret, string plaintext, string id = "data", bool contentOnly = true, string keyId = "key", AlgorithmSuite? suite = null) =>
        Written(output => EncryptionWriter.WriteData(
            output,
            id,
            contentOnly,
            (suite ?? AlgorithmSuite.Basic256GCMSha256).ContentEncryption,
            secret,
            Encoding.UTF8.GetBytes(plaintext),
            writer => EncryptionWriter.WriteKeyReference(writer, keyId, [])));

    public static string ReferenceList(params string[] ids) => Encoding.UTF8.GetString(EncryptionWriter.WriteReferenceList(ids));

    /// <summary>Signs by a certificate whose token has the Id "token".</summary>
    public static byte[] Sign(string envelope, X509Certificate2 certificate, IReadOnlyList<string> ids, string prefixes = "", string tokenId = "token") =>
        Sign(envelope, KeyOf(certificate), ids, writer => X509TokenWriter.WriteDirectReference(writer, tokenId), prefixes);

    /// <summary>Signs by the secret of the EncryptedKey with the Id "key".</summary>
    public static byte[] Sign(string envelope, byte[] secret, IReadOnlyList<string> ids, string keyId = "key") =>
        Sign(envelope, new HmacSignatureKey(secret), ids, writer => EncryptionWriter.WriteKeyReference(writer, keyId, []));

    public static byte[] Sign(string envelope, SignatureKey key, IReadOnlyList<string> ids, Action<Utf8XmlWriter> keyInfo, string prefixes = "", string id = "")
    {
        var suite = AlgorithmSuite.Basic256GCMSha256;
        using var index = XmlIndex.Scan(Encoding.UTF8.GetBytes(envelope), ProcessingLimits.Default);
        var list = PrefixList.Parse(prefixes);
        var references = ids.Select(name =>
        {
            var octets = CanonicalOctets.Of(index.FindById(name), CanonicalizationMethod.Exclusive, list);
            return new OutgoingReference(name, list, suite.Digest.Hash(octets.Span));
        }).ToList();
        var signature = SignatureWriter.Write(id.Length > 0 ? id : $"sig-{Guid.NewGuid():N}", suite.SignatureFor(key), key, suite.Digest, references, keyInfo).Octets;
        var xml = Encoding.UTF8.GetString(signature);
        var at = envelope.IndexOf(Marker, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(at >= 0
            ? envelope.Remove(at, Marker.Length).Insert(at, xml)
            : envelope.Replace("</wsse:Security>", xml + "</wsse:Security>", StringComparison.Ordinal));
    }

    public static SignatureKey KeyOf(X509Certificate2 certificate) =>
        certificate.GetRSAPrivateKey() is { } rsa ? new RsaSignatureKey(rsa) : new EcdsaSignatureKey(certificate.GetECDsaPrivateKey()!);

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
