namespace WsSecurity;

/// <summary>The standard fault codes of SOAP Message Security 1.1.1, section 12; dull on purpose.</summary>
public enum SecurityFaultCode
{
    /// <summary><c>wsse:FailedCheck</c>: everything from key unwrapping to signature checking, and whatever has no code of its own.</summary>
    FailedCheck,

    /// <summary><c>wsse:InvalidSecurity</c>: the header could not be processed at all.</summary>
    InvalidSecurity,

    /// <summary><c>wsse:InvalidSecurityToken</c>: a token is broken or not accepted.</summary>
    InvalidSecurityToken,

    /// <summary><c>wsse:FailedAuthentication</c>: the token could not be authenticated.</summary>
    FailedAuthentication,

    /// <summary><c>wsse:SecurityTokenUnavailable</c>: the referenced token could not be found.</summary>
    SecurityTokenUnavailable,

    /// <summary><c>wsse:UnsupportedSecurityToken</c>: an unsupported token was provided.</summary>
    UnsupportedSecurityToken,

    /// <summary><c>wsse:UnsupportedAlgorithm</c>: an algorithm that is not supported or not permitted.</summary>
    UnsupportedAlgorithm,

    /// <summary><c>wsu:MessageExpired</c>: the message's lifetime is over.</summary>
    MessageExpired,

    /// <summary><c>soap:MustUnderstand</c>: a header for this node that nobody understands.</summary>
    MustUnderstand,
}

/// <summary>The one place that says what a peer learns from a failure.</summary>
internal static class SecurityFaultCodes
{
    public static SecurityFaultCode For(SecurityFailure failure) => failure switch
    {
        SecurityFailure.SecurityHeaderMissing or
        SecurityFailure.DuplicateSecurityHeader or
        SecurityFailure.UnexpectedSecurityElement or
        SecurityFailure.HeaderLayoutViolated or
        SecurityFailure.TooManySecurityElements or
        SecurityFailure.TimestampMissing or
        SecurityFailure.InvalidTimestamp or
        SecurityFailure.InvalidEnvelope or
        SecurityFailure.MalformedXml or
        SecurityFailure.InvalidEncoding or
        SecurityFailure.DocumentTypeNotAllowed or
        SecurityFailure.ProcessingInstructionNotAllowed or
        SecurityFailure.MessageTooLarge or
        SecurityFailure.NestingTooDeep or
        SecurityFailure.TooManyElements or
        SecurityFailure.TooManyAttributes or
        SecurityFailure.TooManyNamespaces or
        SecurityFailure.NameTooLong or
        SecurityFailure.TransportNotProtected => SecurityFaultCode.InvalidSecurity,

        SecurityFailure.MessageExpired or
        SecurityFailure.MessageNotYetValid => SecurityFaultCode.MessageExpired,

        SecurityFailure.SignatureAlgorithmNotAllowed or
        SecurityFailure.DigestAlgorithmNotAllowed or
        SecurityFailure.CanonicalizationNotAllowed or
        SecurityFailure.TransformNotAllowed or
        SecurityFailure.EncryptionAlgorithmNotAllowed or
        SecurityFailure.KeyTransportAlgorithmNotAllowed or
        SecurityFailure.KeyAgreementNotAllowed => SecurityFaultCode.UnsupportedAlgorithm,

        SecurityFailure.SecurityTokenUnavailable => SecurityFaultCode.SecurityTokenUnavailable,

        SecurityFailure.UnsupportedSecurityToken => SecurityFaultCode.UnsupportedSecurityToken,

        SecurityFailure.InvalidSecurityToken or
        SecurityFailure.SecurityTokenMissing or
        SecurityFailure.TokenExpired or
        SecurityFailure.TokenNotYetValid or
        SecurityFailure.KeyValueNotTrusted or
        SecurityFailure.KeyTooWeak or
        SecurityFailure.CertificateNotTrusted or
        SecurityFailure.CertificateExpired or
        SecurityFailure.CertificateNotYetValid or
        SecurityFailure.CertificateRevoked or
        SecurityFailure.CertificateRevocationUnknown or
        SecurityFailure.CertificateUsageNotAllowed or
        SecurityFailure.CertificateExtendedUsageNotAllowed or
        SecurityFailure.CertificateSubjectNotAllowed or
        SecurityFailure.CertificateIssuerNotAllowed or
        SecurityFailure.TrustDomainNotAccepted or
        SecurityFailure.AssertionNotSigned or
        SecurityFailure.IssuerNotTrusted or
        SecurityFailure.AssertionExpired or
        SecurityFailure.AssertionNotYetValid or
        SecurityFailure.AudienceMismatch or
        SecurityFailure.AssertionVersionNotAllowed or
        SecurityFailure.AssertionIssuerNotAllowed or
        SecurityFailure.ClaimMissing or
        SecurityFailure.TicketExpired or
        SecurityFailure.TicketNotYetValid or
        SecurityFailure.AuthenticatorNotFresh or
        SecurityFailure.TicketForAnotherService or
        SecurityFailure.ServiceKeyUnavailable or
        SecurityFailure.TicketNotAuthentic or
        SecurityFailure.RealmNotTrusted or
        SecurityFailure.SaltMissing or
        SecurityFailure.InvalidSalt or
        SecurityFailure.IterationsNotAllowed or
        SecurityFailure.InvalidUsernameToken => SecurityFaultCode.InvalidSecurityToken,

        SecurityFailure.AuthenticationFailed or
        SecurityFailure.ValidatorFailed or
        SecurityFailure.PasswordTypeNotAllowed or
        SecurityFailure.PasswordNotProtected or
        SecurityFailure.PasswordKeyNotProven or
        SecurityFailure.PasswordKeyNotExpected or
        SecurityFailure.SubjectConfirmationFailed or
        SecurityFailure.BearerTokenNotProtected or
        SecurityFailure.PeerIdentityMismatch => SecurityFaultCode.FailedAuthentication,

        SecurityFailure.HeaderNotUnderstood => SecurityFaultCode.MustUnderstand,

        _ => SecurityFaultCode.FailedCheck,
    };
}
