namespace WsSecurity.Tokens.X509;

/// <summary>Trust that a validator of the user's decides on. Whatever it does but say yes refuses the certificate.</summary>
internal static class CustomDecision
{
    /// <exception cref="WsSecurityException">The validator does not trust the certificate, or failed.</exception>
    public static void Demand(IX509CertificateValidator validator, CertificateEntry certificate, string domain)
    {
        bool isTrusted;
        try
        {
            isTrusted = validator.IsTrusted(certificate.Certificate);
        }
        catch (Exception exception) when (exception is not WsSecurityException)
        {
            throw new WsSecurityException(
                SecurityFailure.ValidatorFailed, $"The validator of the trust domain '{domain}' failed for the certificate '{certificate.Certificate.Subject}'.", exception);
        }

        if (!isTrusted)
        {
            throw new WsSecurityException(
                SecurityFailure.CertificateNotTrusted, $"The validator of the trust domain '{domain}' does not trust the certificate '{certificate.Certificate.Subject}'.");
        }
    }
}
