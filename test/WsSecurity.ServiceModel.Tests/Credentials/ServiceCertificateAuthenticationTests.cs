using NUnit.Framework;
using System.Security.Cryptography.X509Certificates;
using System.ServiceModel;
using System.ServiceModel.Description;
using System.ServiceModel.Security;
using WsSecurity.ServiceModel.Credentials;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.ServiceModel.Tests.Credentials;

/// <summary>What the settings admit, with stores that are not this machine's.</summary>
internal sealed class ServiceCertificateAuthenticationTests
{
    private const AuthenticationMode Mode = AuthenticationMode.MutualCertificateDuplex;

    [Test]
    public void PeerTrust_AdmitsWhatIsInTrustedPeople()
    {
        var authentication = From(X509CertificateValidationMode.PeerTrust, StoreName.TrustedPeople, TestCertificates.Service);

        Assert.DoesNotThrow(() => authentication.Demand(TestCertificates.Service));
        Assert.That(Failure(authentication, TestCertificates.Stranger), Is.EqualTo(SecurityFailure.CertificateNotTrusted));
        Assert.That(authentication.TrustDomains.Single().Certificates, Has.Count.EqualTo(1));
    }

    [Test]
    public void ChainTrust_AdmitsWhatLeadsToARoot([Values(X509CertificateValidationMode.ChainTrust, X509CertificateValidationMode.PeerOrChainTrust)] X509CertificateValidationMode mode)
    {
        Assert.DoesNotThrow(() => From(mode, StoreName.Root, TestCertificates.Authority).Demand(TestCertificates.Service));
        Assert.That(Failure(From(mode, StoreName.Root, TestCertificates.Stranger), TestCertificates.Service), Is.EqualTo(SecurityFailure.CertificateNotTrusted));
    }

    [Test]
    public void PeerOrChainTrust_AdmitsBoth()
    {
        var authentication = From(X509CertificateValidationMode.PeerOrChainTrust, StoreName.TrustedPeople, TestCertificates.Service);

        Assert.DoesNotThrow(() => authentication.Demand(TestCertificates.Service));
        Assert.That(authentication.TrustDomains, Has.Count.EqualTo(2));
    }

    [Test]
    public void Untouched_TrustsNobodyByItself() =>
        Assert.That(ServiceCertificateAuthentication.From(new X509ServiceCertificateAuthentication(), (_, _) => [TestCertificates.Service]).TrustDomains, Is.Empty);

    [Test]
    public void From_TrustByStore_DemandsTheHostsNameUnlessTheAddressStatesAnIdentity()
    {
        var client = new ClientCredentials();
        client.ServiceCertificate.Authentication.CertificateValidationMode = X509CertificateValidationMode.PeerTrust;
        var uri = new Uri("https://service.test/echo");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ServiceCredentials.From(client, new EndpointAddress(uri), Mode).Credentials.ServiceDnsName, Is.EqualTo("service.test"));
            Assert.That(ServiceCredentials.From(client, new EndpointAddress(uri, new DnsEndpointIdentity("other.test")), Mode).Credentials.ServiceDnsName, Is.EqualTo("other.test"));
            Assert.That(ServiceCredentials.From(client, new EndpointAddress(uri), AuthenticationMode.UserNameOverTransport).Credentials.TrustDomains, Is.Empty, "TLS proves the service");
            Assert.That(ServiceCredentials.From(new ClientCredentials(), new EndpointAddress(uri), Mode).Credentials.ServiceDnsName, Is.Null);
        }
    }

    private static ServiceCertificateAuthentication From(X509CertificateValidationMode mode, StoreName store, X509Certificate2 content) => ServiceCertificateAuthentication.From(
        new X509ServiceCertificateAuthentication { CertificateValidationMode = mode, RevocationMode = X509RevocationMode.NoCheck },
        (name, _) => name == store ? [TestCertificates.Public(content)] : []);

    private static SecurityFailure Failure(ServiceCertificateAuthentication authentication, X509Certificate2 certificate) =>
        Assert.Throws<WsSecurityException>(() => authentication.Demand(certificate))!.Failure;
}
