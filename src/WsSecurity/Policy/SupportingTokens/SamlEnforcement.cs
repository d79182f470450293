using System.Net;
using WsSecurity.Exchanges;
using WsSecurity.Replay;
using WsSecurity.Tokens;
using WsSecurity.Tokens.Saml;
using WsSecurity.Xml;

namespace WsSecurity.Policy.SupportingTokens;

/// <summary>
/// Whether the sender of a request is the subject of its assertion (SAML Token Profile 1.1.1, section 3.5), and whether the assertion holds now
/// and here.
/// </summary>
internal sealed class SamlEnforcement(SupportingToken required, PolicyEnforcement enforcement) : SupportingTokenEnforcement(required, enforcement)
{
    private readonly TimeSpan _skew = enforcement.Party.Policy.Tolerances.ClockSkew;
    private SamlAssertion? _assertion;

    // What no issuer signed, the sender must.
    public override bool MustBeSigned => base.MustBeSigned || _assertion is { Seal: null };

    public override (string Key, DateTimeOffset Expires)? OneTimeUse =>
        _assertion is { Conditions: { IsOneTime: true, NotOnOrAfter: { } notOnOrAfter } } ? (ReplayKey.Of(_assertion), notOnOrAfter + _skew) : null;

    private Party Party => Enforcement.Party;

    private bool Endorses => Required.Kind.Endorses();

    // Possession is no way round a key that the policy demands.
    private bool DemandsKey => Endorses || Enforcement.Required.SubjectSigns || KeyType is IssuedTokenKeyType.SymmetricKey or IssuedTokenKeyType.PublicKey;

    private IssuedTokenKeyType? KeyType => Required.IssuedTokenParameters?.KeyType;

    public override void Find()
    {
        if (FindOne(Message.Assertions, "SAML assertion", SecurityFailure.InvalidSecurityToken) is { } assertion)
        {
            DemandEncrypted(assertion.Element, "SAML assertion");
            _assertion = assertion;
            Element = assertion.Element;
        }
    }

    public override void FindEndorsement()
    {
        if (_assertion is null)
        {
            return;
        }

        Endorsement = Message.Signatures.FirstOrDefault(signature => CoversEndorsed(signature) && _assertion.Confirmations.Any(confirmation => confirmation.Key is { } key && IsBy(signature, _assertion, key)));
        if (Endorsement is not null && Enforcement.Coverage.FindOpenToken(Endorsement) is { } refusal)
        {
            throw refusal;
        }
    }

    public override ValueTask VerifyAsync(CancellationToken cancellationToken)
    {
        Verified = _assertion is null ? null : Verify(_assertion);
        return ValueTask.CompletedTask;
    }

    private SamlVerifiedToken Verify(SamlAssertion assertion)
    {
        // Ciphertext that was in it when it was read came to something else since.
        if (assertion.Element.HeldCiphertext)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A part of the SAML assertion was encrypted on its own.");
        }

        if (assertion.Seal is null && !assertion.Confirmations.Any(confirmation => confirmation.Method == SamlConfirmationMethod.SenderVouches))
        {
            throw new WsSecurityException(SecurityFailure.AssertionNotSigned, "The SAML assertion is not signed by its issuer.");
        }

        SamlAssertionValidator.CheckConditions(assertion, isBearer: false, Party.Credentials.Audiences, Party.Now, _skew);
        var (method, voucher) = Confirm(assertion);
        if (method == SamlConfirmationMethod.Bearer)
        {
            SamlAssertionValidator.CheckConditions(assertion, isBearer: true, Party.Credentials.Audiences, Party.Now, _skew);
        }

        var verified = new SamlVerifiedToken(assertion, method, assertion.Seal?.TrustDomain ?? voucher!.TrustDomain);
        DemandIssued(verified);
        return verified;
    }

    private void DemandIssued(SamlVerifiedToken verified)
    {
        if (Required.SamlVersion is { } version && _assertion!.IsSaml20 != (version == SamlVersion.Saml20))
        {
            throw new WsSecurityException(SecurityFailure.AssertionVersionNotAllowed, $"The policy demands an assertion of {version}.");
        }

        if (Required.IssuedTokenParameters is not { } issued)
        {
            return;
        }

        if (issued.IssuerName is { } name && verified.Issuer != name)
        {
            throw new WsSecurityException(SecurityFailure.AssertionIssuerNotAllowed, $"The policy demands an assertion of the issuer '{name}'.");
        }

        if (issued.ClaimTypeRequirements.Count > 0)
        {
            var identity = verified.Identity;
            if (issued.ClaimTypeRequirements.FirstOrDefault(claim => !claim.Optional && !identity.HasClaim(each => each.Type == claim.Type)) is { } missing)
            {
                throw new WsSecurityException(SecurityFailure.ClaimMissing, $"The assertion does not say '{missing.Type}' of its subject, which the policy demands.");
            }
        }
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
            return Enforcement.Context.IsTransportProtected || IsEncryptedBySender(assertion)
                ? (SamlConfirmationMethod.Bearer, null)
                : throw new WsSecurityException(SecurityFailure.BearerTokenNotProtected, "A bearer assertion came in clear, neither encrypted nor over a protected transport.");
        }

        throw new WsSecurityException(
            SecurityFailure.SubjectConfirmationFailed,
            "Nothing confirms that the sender is the SAML assertion's subject: it is not signed by the subject's key as the policy demands, nobody who may vouch signs it, or the confirmation's own limits are over.");
    }

    // What the issuer encrypted can be taken from one message and sent in another as it is.
    private bool IsEncryptedBySender(SamlAssertion assertion) =>
        Message.DecryptedParts.Any(part => part is { ContentOnly: false, Key.IsEnclosed: false } && part.Element.Start == assertion.Element.Start && part.Element.Start >= 0);

    // What cannot be checked here confirms nothing: a service sends no SAML requests that an assertion could answer.
    private bool IsInForce(SamlSubjectConfirmation confirmation) =>
        confirmation.InResponseTo is null
        && (confirmation.Address is not { } address || (IPAddress.TryParse(address, out var stated) && stated.Equals(Enforcement.Context.RemoteAddress)))
        && (confirmation.NotBefore is not { } notBefore || notBefore <= Party.Now + _skew)
        && (confirmation.NotOnOrAfter is not { } notOnOrAfter || notOnOrAfter > Party.Now - _skew)
        && (confirmation.Recipient is not { } recipient || recipient == Enforcement.Context.EndpointAddress?.OriginalString || Party.Credentials.Audiences.Contains(recipient, StringComparer.Ordinal));

    private bool IsProven(SamlAssertion assertion, SamlSubjectKey key) =>
        IsDemanded(key) && Message.Signatures.Any(signature => IsBy(signature, assertion, key) && ((!Endorses && signature == Enforcement.MessageSignature) || CoversEndorsed(signature)));

    private bool IsDemanded(SamlSubjectKey key) => (KeyType is null || KeyType == (key is SamlProofKey ? IssuedTokenKeyType.SymmetricKey : IssuedTokenKeyType.PublicKey))
        && (Required.IssuedTokenParameters?.KeySize is not { } bits || SizeOf(key) >= bits);

    // A certificate that the assertion only names is held to the suite's lengths and those of its trust domain.
    private static int SizeOf(SamlSubjectKey key) => key switch
    {
        SamlProofKey { Secret.Secret: { } secret } => secret.Length * 8,
        SamlPublicKey { VerificationKey.KeySize: var bits } => bits,
        SamlNamedCertificate => int.MaxValue,
        _ => 0,
    };

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

    // Who signs the message signature, or endorses it, signs what it covers.
    private X509VerifiedToken? FindVoucher(SamlAssertion assertion)
    {
        var element = assertion.Element.In(Message.Envelope.Index);
        var isCovered = Enforcement.MessageSignature is { } signature && signature.Covers(element);
        IEnumerable<VerifiedSignature?> signers = [Enforcement.MessageSignature, .. Enforcement.Endorsements];
        return signers.FirstOrDefault(signer => signer?.Token is { } token && MayVouch(token) && (isCovered || Covers(signer, element)))?.Token;
    }

    private static bool Covers(VerifiedSignature signature, XmlElement element) => signature.Find(element) is { Element.HeldCiphertext: false };

    private bool MayVouch(X509VerifiedToken token) => Party.Credentials.TrustDomains.Any(domain => domain.MayVouch && domain.Name == token.TrustDomain);
}
