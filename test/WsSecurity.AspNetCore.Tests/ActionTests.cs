using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>SOAPAction spoofing: the headers of HTTP are not signed, so they do not choose the operation of a signed Body.</summary>
public sealed class ActionTests
{
    private static readonly SecurityPolicy Policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };

    private static readonly WsSecurityEndpoint Endpoint = new() { Policy = Policy, Credentials = TestKeys.ServiceCredentials };

    [TestCase(SoapVersion.Soap11)]
    [TestCase(SoapVersion.Soap12)]
    public async Task Post_ActionOfAnotherOperationAndNoneInTheEnvelope_RunsTheOperationOfTheBody(SoapVersion version)
    {
        await using var host = await EchoHost.StartAsync(Endpoint);
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials) { Version = version };

        var reply = await client.PostAsync(client.Protect("Echo", "hello"), operation: "Fail");

        Assert.That(reply.StatusCode, Is.EqualTo(200));
    }

    [Test]
    public async Task Post_SoapActionBesideTheMediaTypeOfSoap12_IsNotHeard()
    {
        await using var host = await EchoHost.StartAsync(Endpoint);
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials) { Version = SoapVersion.Soap12 };
        var wire = client.Protect("Echo", "hello", RoundTripTests.Action(EchoClient.ActionOf("Echo")));

        var reply = await client.PostAsync(wire, change: request => request.Headers.TryAddWithoutValidation("SOAPAction", EchoClient.ActionOf("Fail")));

        Assert.That(reply.StatusCode, Is.EqualTo(200));
    }

    [TestCase(SoapVersion.Soap11, false, false, "\"\"", "text/xml; charset=utf-8")]
    [TestCase(SoapVersion.Soap11, false, true, "\"urn:test:echo/IEcho/Echo\"", "text/xml; charset=utf-8")]
    [TestCase(SoapVersion.Soap11, true, false, "\"urn:test:echo/IEcho/Echo\"", "text/xml; charset=utf-8")]
    [TestCase(SoapVersion.Soap12, false, false, "", "application/soap+xml; charset=utf-8")]
    [TestCase(SoapVersion.Soap12, false, true, "", "application/soap+xml; charset=utf-8; action=\"urn:test:echo/IEcho/Echo\"")]
    [TestCase(SoapVersion.Soap12, true, false, "", "application/soap+xml; charset=utf-8; action=\"urn:test:echo/IEcho/Echo\"")]
    public async Task Application_SeesTheActionThatIsSignedOrAllowed(SoapVersion version, bool signed, bool allowUnsigned, string soapAction, string contentType)
    {
        (string SoapAction, string? ContentType) seen = default;
        await using var host = await EchoHost.StartAsync(app => app.Map(EchoHost.Path, branch =>
        {
            branch.UseWsSecurity(Endpoint with { AllowUnsignedAction = allowUnsigned });
            branch.Run(context =>
            {
                seen = (context.Request.Headers["SOAPAction"].ToString(), context.Request.ContentType);
                return Task.CompletedTask;
            });
        }));
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials) { Version = version };

        await client.PostAsync(client.Protect("Echo", "hello", signed ? [RoundTripTests.Action(EchoClient.ActionOf("Echo"))] : []));

        Assert.That(seen, Is.EqualTo((soapAction, contentType)));
    }

    [Test]
    public async Task Application_BodyIsNotSigned_SeesTheActionAsItCame()
    {
        string? seen = null;
        var policy = SecurityPolicy.AnonymousForCertificate with { RequireDerivedKeys = false, ProtectionLevel = ProtectionLevel.None };
        await using var host = await EchoHost.StartAsync(app => app.Map(EchoHost.Path, branch =>
        {
            branch.UseWsSecurity(Endpoint with { Policy = policy });
            branch.Run(context =>
            {
                seen = context.Request.Headers["SOAPAction"].ToString();
                return Task.CompletedTask;
            });
        }));
        using var client = new EchoClient(host, policy, TestKeys.ClientCredentials);

        await client.PostAsync(client.Protect("Echo", "hello"));

        Assert.That(seen, Is.EqualTo("\"urn:test:echo/IEcho/Echo\""));
    }
}
