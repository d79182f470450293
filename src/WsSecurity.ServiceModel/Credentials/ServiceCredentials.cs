using System.Security.Cryptography.X509Certificates;
using System.ServiceModel;
using System.ServiceModel.Description;
using WsSecurity.ServiceModel.Channels;

namespace WsSecurity.ServiceModel.Credentials;

/// <summary>What we hold, and what we demand of one service.</summary>
/// <param name="Credentials">For the engine.</param>
/// <param name="Identity">Who the service must be; null where its address does not say.</param>
/// <param name="Authentication">What the user's WCF settings demand of its certificate; null where the credentials are our own.</param>
internal sealed record ServiceCredentials(SecurityCredentials Credentials, ServiceIdentity? Identity, ServiceCertificateAuthentication? Authentication)
{
    /// <summary>Takes credentials as they were given to us, for the service at an address.</summary>
    /// <param name="credentials">The credentials.</param>
    /// <param name="service">The service.</param>
    /// <param name="mode">The policy's mode; over a transport, that proves the service.</param>
    public static ServiceCredentials From(SecurityCredentials credentials, EndpointAddress service, AuthenticationMode mode)
    {
        if (mode.IsKerberos() && WindowsCredential.ServicePrincipalOf(service) is { } principal)
        {
            var client = credentials.KerberosClient is null ? new KerberosClientCredential { ServicePrincipal = principal } : credentials.KerberosClient with { ServicePrincipal = principal };
            return new ServiceCredentials(credentials with { KerberosClient = client }, null, null);
        }

        if (mode.NeedsNoServiceCertificate())
        {
            return new ServiceCredentials(credentials, null, null);
        }

        var identity = ServiceIdentity.Of(service);
        return new ServiceCredentials(Name(credentials, identity), identity, null);
    }

    /// <summary>Reads the credentials that WCF users set, for the service at an address.</summary>
    /// <param name="client">The credentials of the channel factory.</param>
    /// <param name="service">The service.</param>
    /// <param name="mode">The policy's mode; over a transport, that proves the service.</param>
    public static ServiceCredentials From(ClientCredentials client, EndpointAddress service, AuthenticationMode mode)
    {
        var own = new SecurityCredentials
        {
            Certificate = client.ClientCertificate.Certificate,
            UserName = client.UserName.UserName,
            Password = client.UserName.Password,
        };
        if (mode.IsKerberos())
        {
            own = own with { KerberosClient = WindowsCredential.Read(client, service) };
        }

        if (mode.NeedsNoServiceCertificate())
        {
            return new ServiceCredentials(own, null, null);
        }

        var identity = ServiceIdentity.Of(service);
        var authentication = ServiceCertificateAuthentication.From(client.ServiceCertificate.Authentication);
        var certificate = FindServiceCertificate(client, service) ?? identity?.Certificate;
        var credentials = own with
        {
            PeerCertificates = certificate is null ? [] : [certificate],
            TrustDomains = authentication.TrustDomains,

            // WCF's default: without an identity in the address, the service's certificate must name its host.
            ServiceDnsName = authentication.TrustDomains.Count > 0 && identity is null ? service.Uri.DnsSafeHost : null,
        };
        return new ServiceCredentials(Name(credentials, identity), identity, authentication);
    }

    /// <summary>Refuses a service's certificate that is not the right one.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <exception cref="WsSecurityException">It is another service's, or not admitted.</exception>
    public void Demand(X509Certificate2 certificate)
    {
        Identity?.Demand(certificate);
        Authentication?.Demand(certificate);
    }

    private static SecurityCredentials Name(SecurityCredentials credentials, ServiceIdentity? identity) =>
        identity?.DnsName is { } name ? credentials with { ServiceDnsName = name } : credentials;

    private static X509Certificate2? FindServiceCertificate(ClientCredentials client, EndpointAddress service) =>
        client.ServiceCertificate.ScopedCertificates.TryGetValue(service.Uri, out var scoped) ? scoped : client.ServiceCertificate.DefaultCertificate;
}
