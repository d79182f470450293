using System.IdentityModel.Selectors;
using System.Security.Cryptography.X509Certificates;
using System.ServiceModel;
using System.ServiceModel.Security;
using WsSecurity;
using WsSecurity.ServiceModel;

namespace Samples.Intermediary;

/// <summary>The contract, as the client has it.</summary>
[ServiceContract(Namespace = Policies.Contract)]
internal interface IOrders
{
    [OperationContract]
    Task<string> PlaceAsync(string article);
}

/// <summary>An ordinary WCF client: its message is for the service, and goes by way of the proxy.</summary>
/// <param name="service">The service's address, which the client signs.</param>
/// <param name="proxy">Where messages go.</param>
/// <param name="proxyTls">The certificate of the proxy's TLS.</param>
/// <param name="credentials">The client's keys, and the service's certificate.</param>
internal sealed class Client(Uri service, Uri proxy, X509Certificate2 proxyTls, SecurityCredentials credentials)
{
    public async Task<string> PlaceAsync(string article, TransitSecurity? transit)
    {
        var binding = new WSHttpBinding(SecurityMode.Transport).WithMessageSecurity(Policies.EndToEnd, credentials, transit);
        var factory = new ChannelFactory<IOrders>(binding, new EndpointAddress(service));
        factory.Credentials.ServiceCertificate.SslCertificateAuthentication =
            new X509ServiceCertificateAuthentication { CertificateValidationMode = X509CertificateValidationMode.Custom, CustomCertificateValidator = new Pinned(proxyTls) };
        try
        {
            return await factory.CreateChannel(new EndpointAddress(service), proxy).PlaceAsync(article);
        }
        catch (MessageSecurityException refusal)
        {
            return $"refused: {(refusal.InnerException as FaultException)?.Message ?? refusal.Message}";
        }
        finally
        {
            factory.Abort();
        }
    }

    private sealed class Pinned(X509Certificate2 expected) : X509CertificateValidator
    {
        public override void Validate(X509Certificate2 certificate)
        {
            if (!certificate.RawDataMemory.Span.SequenceEqual(expected.RawDataMemory.Span))
            {
                throw new System.IdentityModel.Tokens.SecurityTokenValidationException($"{certificate.Subject} is not the proxy.");
            }
        }
    }
}
