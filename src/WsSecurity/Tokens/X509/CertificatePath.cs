using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Tokens.X509;

/// <summary>
/// Takes apart the tokens that hold several certificates (X.509 Certificate Token Profile 1.1.1, section 3.1). Both answer with the
/// subject's certificate first; none of them is trusted for standing there.
/// </summary>
internal static class CertificatePath
{
    private const int MaxSize = 256 * 1024;

    /// <summary>Reads an <c>X509PKIPathv1</c>: SEQUENCE OF Certificate, from the authority down to the subject (ITU-T X.509, section 7.7).</summary>
    /// <exception cref="WsSecurityException">It is none, or holds more certificates than are permitted.</exception>
    public static IReadOnlyList<byte[]> ReadPkiPath(byte[] octets, int limit)
    {
        DemandSize(octets);
        var path = new List<byte[]>();
        try
        {
            var outer = new AsnReader(octets, AsnEncodingRules.DER);
            var sequence = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            while (sequence.HasData)
            {
                DemandRoom(path.Count, limit);
                path.Add(sequence.ReadEncodedValue().ToArray());
            }
        }
        catch (AsnContentException exception)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "The X509PKIPathv1 token is no sequence in DER.", exception);
        }

        if (path.Count == 0)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "The X509PKIPathv1 token holds no certificate.");
        }

        path.Reverse();
        return path;
    }

    /// <summary>
    /// Reads a <c>PKCS7</c> token: a SignedData that signs nothing and carries certificates (RFC 5652, section 5.1). They are a set, so the
    /// subject's is the one that issued none of the others.
    /// </summary>
    /// <exception cref="WsSecurityException">It is none, holds more certificates than are permitted, or leaves open which is the subject's.</exception>
    public static IReadOnlyList<byte[]> ReadPkcs7(byte[] octets, int limit)
    {
        DemandSize(octets);
        X509Certificate2Collection certificates;
        try
        {
            var cms = new SignedCms();
            cms.Decode(octets);

            // A signature in there would have to be verified to mean anything; the profile wants only the wrapper.
            if (cms.SignerInfos.Count > 0 || cms.ContentInfo.Content.Length > 0)
            {
                throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "The PKCS7 token holds more than certificates.");
            }

            certificates = cms.Certificates;
        }
        catch (CryptographicException exception)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "The PKCS7 token is no SignedData of certificates.", exception);
        }

        if (certificates.Count == 0)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "The PKCS7 token holds no certificate.");
        }

        DemandRoom(certificates.Count - 1, limit);
        var subjects = certificates.Where(certificate => !certificates.Any(other => other != certificate && IsIssuedBy(other, certificate))).ToList();
        if (subjects.Count != 1)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "The PKCS7 token leaves open which of its certificates is the subject's.");
        }

        return [subjects[0].RawData, .. certificates.Where(certificate => certificate != subjects[0]).Select(certificate => certificate.RawData)];
    }

    private static bool IsIssuedBy(X509Certificate2 certificate, X509Certificate2 issuer) =>
        certificate.IssuerName.RawData.AsSpan().SequenceEqual(issuer.SubjectName.RawData);

    private static void DemandSize(byte[] octets)
    {
        if (octets.Length is 0 or > MaxSize)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "The X.509 token is empty or too large.");
        }
    }

    private static void DemandRoom(int count, int limit)
    {
        if (count >= limit)
        {
            throw new WsSecurityException(SecurityFailure.TooManySecurityElements, $"An X.509 token holds more than {limit} certificates.");
        }
    }
}
