using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Xml;

namespace WsSecurity.Cli.SecondOpinion;

/// <summary>
/// Decrypts an envelope with the platform's own means, so that signatures over plaintext can be checked without the engine. It tries the
/// keys that it has and decides nothing: what stays encrypted makes a signature unreadable, never valid.
/// </summary>
internal sealed class EnvelopeDecryptor(EnvelopeDocument envelope, IReadOnlyList<RSA> privateKeys)
{
    private const int GcmNonceSize = 12;
    private const int GcmTagSize = 16;

    private readonly List<byte[]> _keys = [];

    /// <summary>Decrypts in place, and gives the keys that were transported, which sign in symmetric modes.</summary>
    public IReadOnlyList<byte[]> Decrypt()
    {
        // What is decrypted may hold further encrypted elements.
        while (UnwrapNewKeys() | DecryptOne())
        {
        }

        return _keys;
    }

    private bool UnwrapNewKeys()
    {
        var before = _keys.Count;
        foreach (var element in envelope.Elements("EncryptedKey", Namespaces.Xenc))
        {
            if (ReadCipher(element) is { } wrapped && FindPadding(element) is { } padding)
            {
                foreach (var key in privateKeys.Select(privateKey => TryUnwrap(privateKey, wrapped, padding)).OfType<byte[]>())
                {
                    if (!_keys.Exists(known => known.AsSpan().SequenceEqual(key)))
                    {
                        _keys.Add(key);
                    }
                }
            }
        }

        return _keys.Count > before;
    }

    private bool DecryptOne()
    {
        foreach (var element in envelope.Elements("EncryptedData", Namespaces.Xenc))
        {
            if (ReadCipher(element) is { } cipher
                && _keys.Select(key => TryDecrypt(AlgorithmOf(element), key, cipher)).OfType<byte[]>().Any(plain => TryReplace(element, plain)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryReplace(XmlElement encrypted, byte[] plain)
    {
        var parent = (XmlElement)encrypted.ParentNode!;
        try
        {
            new EncryptedXml().ReplaceData(encrypted, plain);
        }
        catch (XmlException)
        {
            return false;
        }

        // SOAP Message Security 1.1.1, section 9.3: the block takes the place of the EncryptedHeader.
        if (parent is { LocalName: "EncryptedHeader", NamespaceURI: Namespaces.Wsse11 }
            && parent.ChildNodes.OfType<XmlElement>().SingleOrDefault() is { } block)
        {
            parent.ParentNode!.ReplaceChild(block, parent);
        }

        return true;
    }

    private static byte[]? ReadCipher(XmlElement element)
    {
        var value = element["CipherData", Namespaces.Xenc]?["CipherValue", Namespaces.Xenc]?.InnerText;
        try
        {
            return value is null ? null : Convert.FromBase64String(value);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string AlgorithmOf(XmlElement element) => element["EncryptionMethod", Namespaces.Xenc]?.GetAttribute("Algorithm") ?? "";

    private static RSAEncryptionPadding? FindPadding(XmlElement encryptedKey)
    {
        var method = encryptedKey["EncryptionMethod", Namespaces.Xenc];
        var digest = method?["DigestMethod", Namespaces.Dsig]?.GetAttribute("Algorithm") ?? Namespaces.Dsig + "sha1";
        var mask = method?["MGF", Namespaces.Xenc11]?.GetAttribute("Algorithm") ?? Namespaces.Xenc11 + "mgf1sha1";
        return AlgorithmOf(encryptedKey) switch
        {
            Namespaces.Xenc + "rsa-1_5" => RSAEncryptionPadding.Pkcs1,
            Namespaces.Xenc + "rsa-oaep-mgf1p" when digest == Namespaces.Dsig + "sha1" => RSAEncryptionPadding.OaepSHA1,
            Namespaces.Xenc11 + "rsa-oaep" => (digest, mask) switch
            {
                (Namespaces.Dsig + "sha1", Namespaces.Xenc11 + "mgf1sha1") => RSAEncryptionPadding.OaepSHA1,
                (Namespaces.Xenc + "sha256", Namespaces.Xenc11 + "mgf1sha256") => RSAEncryptionPadding.OaepSHA256,
                (Namespaces.DsigMore + "sha384", Namespaces.Xenc11 + "mgf1sha384") => RSAEncryptionPadding.OaepSHA384,
                (Namespaces.Xenc + "sha512", Namespaces.Xenc11 + "mgf1sha512") => RSAEncryptionPadding.OaepSHA512,
                _ => null,
            },
            _ => null,
        };
    }

    private static byte[]? TryUnwrap(RSA privateKey, byte[] wrapped, RSAEncryptionPadding padding)
    {
        try
        {
            return privateKey.Decrypt(wrapped, padding);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static byte[]? TryDecrypt(string algorithm, byte[] key, byte[] cipher)
    {
        try
        {
            return algorithm switch
            {
                Namespaces.Xenc + "tripledes-cbc" => DecryptCbc(TripleDES.Create(), key, cipher),
                Namespaces.Xenc + "aes128-cbc" or Namespaces.Xenc + "aes192-cbc" or Namespaces.Xenc + "aes256-cbc" =>
                    DecryptCbc(Aes.Create(), key, cipher),
                Namespaces.Xenc11 + "aes128-gcm" or Namespaces.Xenc11 + "aes192-gcm" or Namespaces.Xenc11 + "aes256-gcm" =>
                    DecryptGcm(key, cipher),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static byte[]? DecryptCbc(SymmetricAlgorithm algorithm, byte[] key, byte[] cipher)
    {
        using (algorithm)
        {
            algorithm.Key = key;
            var block = algorithm.BlockSize / 8;
            if (cipher.Length < 2 * block)
            {
                return null;
            }

            var padded = algorithm.DecryptCbc(cipher.AsSpan(block), cipher.AsSpan(0, block), PaddingMode.None);

            // XML Encryption, section 5.2: the last octet counts the padding.
            return padded[^1] <= padded.Length ? padded[..^padded[^1]] : null;
        }
    }

    private static byte[]? DecryptGcm(byte[] key, byte[] cipher)
    {
        if (cipher.Length < GcmNonceSize + GcmTagSize)
        {
            return null;
        }

        using var algorithm = new AesGcm(key, GcmTagSize);
        var plain = new byte[cipher.Length - GcmNonceSize - GcmTagSize];
        var (nonce, content, tag) = (cipher[..GcmNonceSize], cipher[GcmNonceSize..^GcmTagSize], cipher[^GcmTagSize..]);
        algorithm.Decrypt(nonce, content, tag, plain);
        return plain;
    }
}
