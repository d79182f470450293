using System.Security.Cryptography;
using WsSecurity.Algorithms;
using WsSecurity.Exchanges;
using WsSecurity.Signatures;
using WsSecurity.Specifications;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Saml;

/// <summary>
/// Verifies the signature that an issuer puts into its assertion (SAML 2.0 Core, section 5; SAML 1.1 Core, section 5): a direct child, over its own
/// parent and nothing else. What is digested is the node that is read, so that no copy can stand in for it (signature wrapping).
/// </summary>
internal static class SamlAssertionSignature
{
    /// <returns>Who signed; null where the assertion has no signature.</returns>
    /// <exception cref="WsSecurityException">The signature is wrong, or its issuer is not trusted.</exception>
    public static SamlSeal? Verify(XmlElement assertion, string claimedIssuer, Party party)
    {
        var element = Find(assertion);
        if (element.IsNone)
        {
            return null;
        }

        var signature = SignatureReader.Read(element, party.Policy.Limits, isEnveloped: true);
        var reference = signature.References[0];
        if (signature.References.Count != 1 || reference.TargetId != SamlAssertionReader.IdOf(assertion) || assertion.Index.FindById(reference.TargetId) != assertion)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSignatureStructure, "The signature in a SAML assertion is about something else than that assertion.");
        }

        var algorithm = party.Suite.FindSignature(signature.UntrustedSignatureAlgorithm, party.Policy.SignatureAlgorithms);
        var digest = party.Suite.FindDigest(reference.UntrustedDigestAlgorithm);
        var issuers = FindIssuers(signature.KeyInfo, claimedIssuer, party);
        var signedInfo = CanonicalOctets.Of(signature.SignedInfo, signature.Canonicalization, signature.Prefixes);
        var signer = issuers.Find(issuer => Fits(algorithm, issuer.Certificate, signedInfo, signature.SignatureValue, party.Suite));
        if (signer.Certificate is null)
        {
            throw new WsSecurityException(SecurityFailure.SignatureInvalid, "The signature of a SAML assertion fits no certificate of its issuer.");
        }

        using var hash = digest.CreateHash();
        using var sink = new HashSink(hash, assertion.Index.Utf8);
        reference.Canonicalization.Canonicalize(assertion, reference.Prefixes, element, sink);
        if (!CryptographicOperations.FixedTimeEquals(sink.GetHashAndReset(), reference.DigestValue))
        {
            throw new WsSecurityException(SecurityFailure.DigestMismatch, "A SAML assertion was changed.");
        }

        CertificateValidator.CheckValidity(signer.Certificate, party.Now);
        return new SamlSeal(signer.Domain, signer.Certificate);
    }

    private static XmlElement Find(XmlElement assertion)
    {
        var found = default(XmlElement);
        foreach (var child in assertion.Children)
        {
            if (!child.Is("Signature"u8, XmlSignature.Namespace))
            {
                continue;
            }

            if (!found.IsNone)
            {
                throw new WsSecurityException(SecurityFailure.InvalidSignatureStructure, "A SAML assertion holds two signatures.");
            }

            found = child;
        }

        return found;
    }

    // KeyInfo only chooses among the certificates that trust domains name for the issuer; it brings none.
    private static List<(string Domain, CertificateEntry Certificate)> FindIssuers(XmlElement keyInfo, string claimedIssuer, Party party)
    {
        var issuers = party.Signers.FindSamlIssuers(claimedIssuer);
        if (issuers.Count == 0)
        {
            throw new WsSecurityException(SecurityFailure.IssuerNotTrusted, $"No trust domain names the SAML issuer '{RefusedValue.Show(claimedIssuer)}'.");
        }

        if (keyInfo.Child("X509Data"u8, XmlSignature.Namespace).Child("X509Certificate"u8, XmlSignature.Namespace).TryGetBase64(out var der))
        {
            issuers = issuers.FindAll(issuer => issuer.Certificate.Raw.Span.SequenceEqual(der));
        }

        return issuers.Count > 0
            ? issuers
            : throw new WsSecurityException(SecurityFailure.IssuerNotTrusted, $"The SAML assertion is signed by a certificate that no trust domain has for the issuer '{RefusedValue.Show(claimedIssuer)}'.");
    }

    private static bool Fits(SignatureAlgorithm algorithm, CertificateEntry certificate, ReadOnlyMemory<byte> signedInfo, byte[] value, AlgorithmSuite suite)
    {
        var key = certificate.VerificationKey
            ?? throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "The issuer's key is neither RSA nor ECDSA.");
        suite.RequireKeyLength(key);
        return algorithm.Verify(key, signedInfo.Span, value);
    }
}
