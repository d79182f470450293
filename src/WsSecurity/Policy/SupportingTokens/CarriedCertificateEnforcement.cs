using System.Security.Cryptography.X509Certificates;
using WsSecurity.Exchanges;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Policy.SupportingTokens;

/// <summary>
/// The demands on a certificate that does not sign. Anybody can have taken it from anywhere, so that it authenticates nobody; it is validated and told of.
/// </summary>
internal sealed class CarriedCertificateEnforcement(SupportingToken required, PolicyEnforcement enforcement) : SupportingTokenEnforcement(required, enforcement)
{
    private CertificateEntry? _certificate;

    /// <summary>The certificate; null where there is none.</summary>
    public CarriedCertificate? Carried { get; private set; }

    public override void Find()
    {
        foreach (var (element, certificate) in Message.CertificateTokens)
        {
            if (IsFree(element, certificate))
            {
                DemandEncrypted(element, "certificate");
                Element = element;
                _certificate = certificate;
                return;
            }
        }

        DemandOptional("certificate that does not sign");
    }

    public override ValueTask VerifyAsync(CancellationToken cancellationToken)
    {
        if (_certificate is not null)
        {
            Carried = new CarriedCertificate(_certificate.Certificate, Enforcement.Party.Signers.TrustCarried(_certificate, Message.SentCertificates));
        }

        return ValueTask.CompletedTask;
    }

    // Neither the token of a signature, nor an authority that came along for a path, nor what another demand took.
    private bool IsFree(TrackedElement element, CertificateEntry certificate) =>
        element.Start >= 0
        && !Message.Signatures.Any(signature => signature.TokenElement?.Start == element.Start)
        && !Enforcement.Tokens.Any(token => token.Element?.Start == element.Start)
        && !certificate.Certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);
}
