using System.IdentityModel.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.ServiceModel;

namespace WsSecurity.ServiceModel.Credentials;

/// <summary>Who the service must be, by the <see cref="EndpointIdentity"/> of its address.</summary>
internal sealed class ServiceIdentity
{
    private readonly Func<X509Certificate2, bool> _isHeldBy;
    private readonly string _description;

    private ServiceIdentity(string description, Func<X509Certificate2, bool> isHeldBy)
    {
        _description = description;
        _isHeldBy = isHeldBy;
    }

    /// <summary>The DNS name, where that is the identity.</summary>
    public string? DnsName { get; private init; }

    /// <summary>The certificate, where that is the identity.</summary>
    public X509Certificate2? Certificate { get; private init; }

    /// <summary>Reads the identity of an address.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The identity; null where the address states none.</returns>
    /// <exception cref="InvalidOperationException">The identity is one that a certificate cannot prove.</exception>
    public static ServiceIdentity? Of(EndpointAddress address)
    {
        if (address.Identity is X509CertificateEndpointIdentity { Certificates: [var certificate, ..] })
        {
            return new ServiceIdentity($"the certificate of '{certificate.Subject}'", held => held.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span))
            {
                Certificate = certificate,
            };
        }

        var claim = address.Identity?.IdentityClaim;
        return claim switch
        {
            null => null,
            { Resource: string name } when claim.ClaimType == ClaimTypes.Dns =>
                new ServiceIdentity($"the DNS name '{name}'", held => held.MatchesHostname(name)) { DnsName = name },
            { Resource: byte[] thumbprint } when claim.ClaimType == ClaimTypes.Thumbprint =>
                new ServiceIdentity($"the thumbprint {Convert.ToHexString(thumbprint)}", held => held.GetCertHash().AsSpan().SequenceEqual(thumbprint)),
            { Resource: RSA key } when claim.ClaimType == ClaimTypes.Rsa => OfKey(key),
            _ => throw new InvalidOperationException(
                $"The address {address.Uri} states an identity of the type {claim.ClaimType}, which no certificate proves; state a DNS name or a certificate."),
        };
    }

    /// <summary>Refuses a certificate that is not this identity's.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <exception cref="WsSecurityException">It is another's.</exception>
    public void Demand(X509Certificate2 certificate)
    {
        if (!_isHeldBy(certificate))
        {
            throw new WsSecurityException(SecurityFailure.PeerIdentityMismatch, $"The service's identity is {_description}, and the certificate is that of '{certificate.Subject}'.");
        }
    }

    private static ServiceIdentity OfKey(RSA key)
    {
        var expected = key.ExportSubjectPublicKeyInfo();
        return new ServiceIdentity("an RSA key", held =>
        {
            using var actual = held.GetRSAPublicKey();
            return actual is not null && actual.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(expected);
        });
    }
}
