using System.Net;
using WsSecurity.Exchanges;
using WsSecurity.Tokens;
using WsSecurity.Tokens.Saml;
using WsSecurity.Xml;

namespace WsSecurity.Policy;

/// <summary>
/// Whether the sender of a request is the subject of its assertion (SAML Token Profile 1.1.1, section 3.5), and whether the assertion holds now
/// and here.
/// </summary>
internal sealed class SamlEnforcement(Party party, MessageVerification message, PolicyEnforcement enforcement, MessageContext context)
{
    private readonly TimeSpan _skew = party.Policy.Tolerances.ClockSkew;

    private bool Endorses => enforcement.RequiredAssertion!.Kind is SupportingTokenKind.Endorsing or SupportingTokenKind.SignedEndorsing;

    // Possession is no way round a key that the policy demands.
    private bool DemandsKey => Endorses || enforcement.SubjectSigns;

    /// <returns>The token; null where the message has no assertion, and needs none.</returns>
    /// <exception cref="WsSecurityException">The assertion is not confirmed, or does not hold.</exception>
    public SamlVerifiedToken? Verify()
    {
        if (enforcement.Assertion is not { } assertion)
        {
            return null;
        }

        // Ciphertext that was in it when it was read came to something else since.
        if (assertion.Element.HeldCiphertext)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A part of the SAML assertion was encrypted on its own.");
        }

        if (assertion.Seal is null && !assertion.Confirmations.Any(confirmation => confirmation.Method == SamlConfirmationMethod.SenderVouches))
        {
            throw new WsSecurityException(SecurityFailure.AssertionNotSigned, "The SAML assertion is not signed by its issuer.");
        }

        SamlAssertionValidator.CheckConditions(assertion, isBearer: false, party.Credentials.Audiences, party.Now, _skew);
        var (method, voucher) = Confirm(assertion);
        if (method == SamlConfirmationMethod.Bearer)
        {
            SamlAssertionValidator.CheckConditions(assertion, isBearer: true, party.Credentials.Audiences, party.Now, _skew);
        }

        return new SamlVerifiedToken(assertion, method, assertion.Seal?.TrustDomain ?? voucher!.TrustDomain);
    }

    // The strongest first: an assertion may offer several ways.
    private (SamlConfirmationMethod Method, X509VerifiedToken? Voucher) Confirm(SamlAssertion assertion)
    {
        var confirmations = assertion.Confirmations.Where(IsInForce).ToList();
        if (assertion.Seal is not null && confirmations.Exists(confirmation => confirmation.Key is { } key && IsProven(assertion, key)))
        {
            return (SamlConfirmationMethod.HolderOfKey, null);
        }

        if (!DemandsKey && confirmations.Exists(confirmation => confirmation.Method == SamlConfirmationMethod.SenderVouches) && FindVoucher(assertion) is { } voucher)
        {
            return (SamlConfirmationMethod.SenderVouches, voucher);
        }

        if (!DemandsKey && assertion.Seal is not null && confirmations.Exists(confirmation => confirmation.Method == SamlConfirmationMethod.Bearer))
        {
            return context.IsTransportProtected || IsEncryptedBySender(assertion)
                ? (SamlConfirmationMethod.Bearer, null)
                : throw new WsSecurityException(SecurityFailure.BearerTokenNotProtected, "A bearer assertion came in clear, neither encrypted nor over a protected transport.");
        }

        throw new WsSecurityException(
            SecurityFailure.SubjectConfirmationFailed,
            "Nothing confirms that the sender is the SAML assertion's subject: it is not signed by the subject's key as the policy demands, nobody who may vouch signs it, or the confirmation's own limits are over.");
    }

    // What the issuer encrypted can be taken from one message and sent in another as it is.
    private bool IsEncryptedBySender(SamlAssertion assertion) =>
        message.DecryptedParts.Any(part => part is { ContentOnly: false, Key.IsEnclosed: false } && part.Element.Start == assertion.Element.Start && part.Element.Start >= 0);

    // What cannot be checked here confirms nothing: a service sends no SAML requests that an assertion could answer.
    private bool IsInForce(SamlSubjectConfirmation confirmation) =>
        confirmation.InResponseTo is null
        && (confirmation.Address is not { } address || (IPAddress.TryParse(address, out var stated) && stated.Equals(context.RemoteAddress)))
        && (confirmation.NotBefore is not { } notBefore || notBefore <= party.Now + _skew)
        && (confirmation.NotOnOrAfter is not { } notOnOrAfter || notOnOrAfter > party.Now - _skew)
        && (confirmation.Recipient is not { } recipient || recipient == context.EndpointAddress?.OriginalString || party.Credentials.Audiences.Contains(recipient, StringComparer.Ordinal));

    private bool IsProven(SamlAssertion assertion, SamlSubjectKey key) =>
        message.Signatures.Any(signature => IsBy(signature, assertion, key) && ((!Endorses && signature == enforcement.MessageSignature) || CoversEndorsed(signature)));

    private static bool IsBy(VerifiedSignature signature, SamlAssertion assertion, SamlSubjectKey key) => (signature.Key, key) switch
    {
        (SamlKey saml, SamlPublicKey subject) => saml.SubjectKey.PublicKeyInfo.AsSpan().SequenceEqual(subject.PublicKeyInfo),
        (SamlKey saml, SamlNamedCertificate) => saml.Assertion == assertion,
        (CertificateKey certificate, SamlPublicKey subject) => subject.IsKeyOf(certificate.Certificate),

        // Another authority can write the same serial number or key identifier; so the issuer's own domain must know the certificate.
        (CertificateKey certificate, SamlNamedCertificate named) =>
            named.Name.Names(certificate.Certificate) && (named.IsUnique || signature.Token?.TrustDomain == assertion.Seal!.TrustDomain),
        (SymmetricKey symmetric, SamlProofKey { Secret: { } secret }) => (symmetric.Source ?? symmetric) == secret,
        _ => false,
    };

    private bool CoversEndorsed(VerifiedSignature signature) => enforcement.Endorsed is { IsNone: false } endorsed && signature.Covers(endorsed);

    // Who signs the message signature, or endorses it, signs what it covers.
    private X509VerifiedToken? FindVoucher(SamlAssertion assertion)
    {
        var element = assertion.Element.In(message.Envelope.Index);
        var isCovered = enforcement.MessageSignature is { } signature && signature.Covers(element);
        VerifiedSignature?[] signers = [enforcement.MessageSignature, enforcement.EndorsingSignature];
        return signers.FirstOrDefault(signer => signer?.Token is { } token && MayVouch(token) && (isCovered || Covers(signer, element)))?.Token;
    }

    private static bool Covers(VerifiedSignature signature, XmlElement element) => signature.Find(element) is { Element.HeldCiphertext: false };

    private bool MayVouch(X509VerifiedToken token) => party.Credentials.TrustDomains.Any(domain => domain.MayVouch && domain.Name == token.TrustDomain);
}
