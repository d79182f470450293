using System.Security.Cryptography.X509Certificates;
#if COREWCF
using CoreWCF.IdentityModel.Selectors;
using CoreWCF.IdentityModel.Tokens;
#else
using System.IdentityModel.Selectors;
using System.IdentityModel.Tokens;
#endif

namespace WsSecurity.ServiceModel.Credentials;

/// <summary>Lets a validator of WCF decide, as its mode Custom says: no anchor is asked beside it.</summary>
internal sealed class CustomCertificateTrust(X509CertificateValidator validator) : IX509CertificateValidator
{
#if COREWCF
    /// <summary>Whether it is the validator of WCF that says yes to everybody.</summary>
    public bool TrustsAnybody => validator == X509CertificateValidator.None;

#endif
    public bool IsTrusted(X509Certificate2 certificate)
    {
        try
        {
            validator.Validate(certificate);
            return true;
        }
        catch (SecurityTokenException)
        {
            // This is how such validators say no; anything else is a failure of theirs, and refuses as well.
            return false;
        }
    }

    /// <summary>The domain in which the validator decides.</summary>
    /// <param name="setting">The setting that names the validator.</param>
    public TrustDomain ToDomain(string setting) => new() { Name = setting + ".Custom", CertificateValidator = this };
}
