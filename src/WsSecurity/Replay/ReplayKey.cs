using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using WsSecurity.Exchanges;
using WsSecurity.Tokens;
using WsSecurity.Tokens.Kerberos;
using WsSecurity.Tokens.Saml;
using WsSecurity.Tokens.Username;

namespace WsSecurity.Replay;

/// <summary>Names what must not come twice, so that nothing that an attacker can vary makes a copy look new.</summary>
internal static class ReplayKey
{
    /// <summary>A signed message: its canonical SignedInfo and the key. Not the signature value, which ECDSA lets anybody vary.</summary>
    public static string Of(VerifiedSignature signature)
    {
        using var hash = Begin("signature"u8);
        Append(hash, signature.SignedInfoHash);
        switch (signature.Key)
        {
            case CertificateKey certificate:
                Append(hash, certificate.Certificate.Certificate.PublicKey.ExportSubjectPublicKeyInfo());
                break;
            case SamlKey saml:
                Append(hash, saml.SubjectKey.PublicKeyInfo);
                break;
            case CustomKey custom:
                Append(hash, custom.Key.Identity);
                break;
            case SymmetricKey symmetric:
                Append(hash, SHA256.HashData(symmetric.Secret));
                break;
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>
    /// A UsernameToken with a nonce. A digest is its own name: it runs over nonce and time without saying where one ends, so that white space can be
    /// moved from one to the other, and the user's name is not in it.
    /// </summary>
    public static string Of(UsernameToken token)
    {
        if (token.Credential.Digest is { } digest)
        {
            using var digestHash = Begin("digest"u8);
            Append(digestHash, digest);
            return Convert.ToHexString(digestHash.GetHashAndReset());
        }

        using var hash = Begin("nonce"u8);
        Append(hash, Encoding.UTF8.GetBytes(token.Credential.UserName));
        Append(hash, token.Nonce);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>A custom token for one use, by the Id that its issuer gave it.</summary>
    public static string OfCustomToken(string type, string? issuer, string id)
    {
        using var hash = Begin("custom"u8);
        Append(hash, Encoding.UTF8.GetBytes(type));
        Append(hash, Encoding.UTF8.GetBytes(issuer ?? string.Empty));
        Append(hash, Encoding.UTF8.GetBytes(id));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>A Kerberos AP-REQ, by the ciphertext of its authenticator, whatever is around it.</summary>
    public static string Of(KerberosToken token)
    {
        using var hash = Begin("authenticator"u8);
        Append(hash, token.Request.Authenticator);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>A SAML assertion for one use: issuers give each an Id of its own.</summary>
    public static string Of(SamlAssertion assertion)
    {
        using var hash = Begin("assertion"u8);
        Append(hash, Encoding.UTF8.GetBytes(assertion.Issuer));
        Append(hash, Encoding.UTF8.GetBytes(assertion.Id));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static IncrementalHash Begin(ReadOnlySpan<byte> kind)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, kind);
        return hash;
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> octets)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, octets.Length);
        hash.AppendData(length);
        hash.AppendData(octets);
    }
}
