using NUnit.Framework;
using static WsSecurity.Tests.Policy.AppConfig.AppConfigText;

namespace WsSecurity.Tests.Policy.AppConfig;

/// <summary>
/// Configurations of the kinds that users ask for most in the trackers of dotnet/wcf and CoreWCF: a client that is configured so calls a service that is, and
/// the service accepts nothing less.
/// </summary>
internal sealed class RequestedConfigurationTests
{
    private const string Addressing = "<a:Action>urn:calc/add</a:Action><a:MessageID>urn:uuid:1</a:MessageID>";
    private const string RelatesTo = "<a:RelatesTo>urn:uuid:1</a:RelatesTo>";
    private const string Wss10 = "WSSecurity10WSTrustFebruary2005WSSecureConversationFebruary2005WSSecurityPolicy11BasicSecurityProfile10";

    private static readonly Func<SecurityPolicy, SecurityPolicy> Whole = policy => policy;

    // [ServiceContract(ProtectionLevel = ProtectionLevel.Sign)], which no configuration says.
    private static readonly Func<SecurityPolicy, SecurityPolicy> SignOnly = policy => policy with { ProtectionLevel = ProtectionLevel.Sign };

    /// <summary>The configurations: what their contracts add, and what they say.</summary>
    internal static IEnumerable<TestCaseData> Requested()
    {
        yield return Case("dotnet/wcf#4220", Whole, $"""
            <bindings><customBinding><binding name="Orders">
              <security authenticationMode="MutualCertificate" enableUnsecuredResponse="true" messageSecurityVersion="{Wss10}" />
              <textMessageEncoding messageVersion="Soap11" />
              <httpsTransport maxReceivedMessageSize="4194304" requireClientCertificate="true" />
            </binding></customBinding></bindings>
            """);
        yield return Case("dotnet/wcf#4659", Whole, $"""
            <bindings><customBinding><binding name="Orders" sendTimeout="00:02:00">
              <textMessageEncoding messageVersion="Soap11WSAddressing10" />
              <security authenticationMode="MutualCertificate" messageSecurityVersion="{Wss10}" requireDerivedKeys="false" enableUnsecuredResponse="True" includeTimestamp="true"
                        keyEntropyMode="ClientEntropy" messageProtectionOrder="SignBeforeEncrypt" allowSerializedSigningTokenOnReply="true" requireSecurityContextCancellation="false" />
              <httpsTransport />
            </binding></customBinding></bindings>
            <behaviors><endpointBehaviors><behavior name="Certificates"><clientCredentials>
              <clientCertificate findValue="client" storeLocation="LocalMachine" storeName="My" x509FindType="FindBySubjectName" />
              <serviceCertificate>
                <defaultCertificate findValue="service" storeLocation="LocalMachine" storeName="TrustedPeople" x509FindType="FindBySubjectName" />
                <authentication trustedStoreLocation="LocalMachine" />
              </serviceCertificate>
            </clientCredentials></behavior></endpointBehaviors></behaviors>
            <client><endpoint name="OrdersEndpoint" address="https://service.example/orders" behaviorConfiguration="Certificates" binding="customBinding" bindingConfiguration="Orders" contract="IOrders" /></client>
            """);
        yield return Case("dotnet/wcf#4677", SignOnly, $"""
            <bindings><customBinding><binding name="Orders">
              <textMessageEncoding messageVersion="Soap11WSAddressing10" />
              <security authenticationMode="MutualCertificate" messageSecurityVersion="{Wss10}" requireDerivedKeys="false" messageProtectionOrder="SignBeforeEncrypt" allowSerializedSigningTokenOnReply="true" />
              <httpsTransport />
            </binding></customBinding></bindings>
            """);
        yield return Case("dotnet/wcf#2265", Whole, $"""
            <bindings><customBinding><binding name="Orders">
              <security defaultAlgorithmSuite="Basic256Sha256Rsa15" authenticationMode="MutualCertificateDuplex" requireDerivedKeys="false" securityHeaderLayout="Lax" includeTimestamp="true"
                        messageSecurityVersion="{Wss10}" messageProtectionOrder="SignBeforeEncrypt" requireSignatureConfirmation="false">
                <localClientSettings detectReplays="true" /><localServiceSettings detectReplays="true" />
              </security>
              <textMessageEncoding messageVersion="Soap11" /><httpTransport />
            </binding></customBinding></bindings>
            """);
        yield return Case("dotnet/wcf#2766", SignOnly, $"""
            <bindings><customBinding><binding name="Orders">
              <security authenticationMode="MutualCertificateDuplex" messageSecurityVersion="{Wss10}" requireDerivedKeys="false" includeTimestamp="false" enableUnsecuredResponse="true" securityHeaderLayout="Lax">
                <localServiceSettings detectReplays="false" />
              </security>
              <textMessageEncoding messageVersion="Soap11" /><httpsTransport requireClientCertificate="true" />
            </binding></customBinding></bindings>
            """);
        yield return Case("dotnet/wcf#3781", SignOnly, """
            <bindings><basicHttpBinding><binding name="Orders"><security mode="Message"><message clientCredentialType="Certificate" algorithmSuite="Basic128Sha256" /></security></binding></basicHttpBinding></bindings>
            """);
        yield return Case("dotnet/wcf#5370", Whole, """
            <bindings><wsHttpBinding><binding name="Orders" closeTimeout="01:00:00" maxReceivedMessageSize="1073741824">
              <readerQuotas maxDepth="64" />
              <security mode="Message"><message clientCredentialType="UserName" negotiateServiceCredential="false" establishSecurityContext="false" /></security>
            </binding></wsHttpBinding></bindings>
            <client><endpoint name="CustomAuth" address="http://localhost:2000/Service" binding="wsHttpBinding" bindingConfiguration="Orders"><identity><dns value="service.example" /></identity></endpoint></client>
            """);
        yield return Case("CoreWCF#574", Whole, $"""
            <bindings><customBinding><binding name="Orders">
              <security authenticationMode="MutualCertificate" messageSecurityVersion="{Wss10}" defaultAlgorithmSuite="Basic256Sha256" securityHeaderLayout="Lax" includeTimestamp="true" allowSerializedSigningTokenOnReply="true" />
              <textMessageEncoding messageVersion="Soap11WSAddressing10" /><httpsTransport requireClientCertificate="true" />
            </binding></customBinding></bindings>
            <services><service name="Orders" behaviorConfiguration="Certificates"><endpoint address="" binding="customBinding" bindingConfiguration="Orders" contract="IOrders" /></service></services>
            <behaviors><serviceBehaviors><behavior name="Certificates"><serviceCredentials>
              <serviceCertificate findValue="service" x509FindType="FindBySubjectName" />
              <clientCertificate><authentication certificateValidationMode="PeerTrust" /></clientCertificate>
            </serviceCredentials></behavior></serviceBehaviors></behaviors>
            """);
        yield return Case("CoreWCF#1527", Whole, """
            <bindings><wsHttpBinding><binding name="Orders">
              <security mode="Message"><transport clientCredentialType="None" /><message clientCredentialType="Certificate" negotiateServiceCredential="false" establishSecurityContext="false" algorithmSuite="Basic256Sha256" /></security>
            </binding></wsHttpBinding></bindings>
            """);
        yield return Case("CoreWCF#1610", policy => SignOnly(policy) with { SignatureAlgorithms = [SignatureAlgorithmName.EcdsaSha256] }, $"""
            <bindings><customBinding><binding name="Orders">
              <security authenticationMode="MutualCertificateDuplex" messageSecurityVersion="{Wss10}" defaultAlgorithmSuite="Basic256Sha256" securityHeaderLayout="Lax" />
              <textMessageEncoding messageVersion="Soap11" /><httpsTransport />
            </binding></customBinding></bindings>
            """);

        static TestCaseData Case(string name, Func<SecurityPolicy, SecurityPolicy> contract, string serviceModel) => new TestCaseData(contract, Document(serviceModel)).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Requested))]
    public void Exchange_BothConfiguredSo_IsAcceptedBothWays(Func<SecurityPolicy, SecurityPolicy> contract, string configuration)
    {
        var parties = Parties(contract(ReadPolicy(configuration, "Orders")));
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Addressing));
        using var _ = pending;
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum xmlns=\"urn:calc\">6</sum>", RelatesTo));

        Assert.That(() => pending.VerifyReply(reply, parties.Context), Throws.Nothing);
        Assert.That(request.Message.Principal.Identity?.IsAuthenticated, Is.True);
    }

    [TestCaseSource(nameof(Requested))]
    public void VerifyRequest_ThatProvesLessThanTheConfigurationDemands_IsRefused(Func<SecurityPolicy, SecurityPolicy> contract, string configuration)
    {
        var policy = contract(ReadPolicy(configuration, "Orders"));
        var parties = Parties(policy);
        var lesser = policy with { ProtectionLevel = policy.ProtectionLevel - 1 };
        parties.ClientPolicy = lesser;

        Assert.That(() => parties.Verify(parties.Protect(TestParties.Envelope(TestParties.Body11, Addressing)).Wire), Throws.InstanceOf<WsSecurityException>());
        Assert.That(() => parties.Verify(TestParties.Envelope(TestParties.Body11, Addressing)), Throws.InstanceOf<WsSecurityException>());
    }

    private static TestParties Parties(SecurityPolicy policy)
    {
        var parties = TestParties.Of(policy);
        if (policy.SignatureAlgorithms.Count > 0)
        {
            parties.ClientCredentials = parties.ClientCredentials with { Certificate = TestKeys.EcClient };
        }

        return parties;
    }
}
