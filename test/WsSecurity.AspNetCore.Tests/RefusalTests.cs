using System.Security.Claims;
using System.Text;
using NUnit.Framework;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>What is refused gets the standard fault, its reason stands in the log alone, and the service never runs.</summary>
public sealed class RefusalTests
{
    private static readonly SecurityPolicy Policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };

    private static readonly WsSecurityEndpoint Endpoint = new() { Policy = Policy, Credentials = TestKeys.ServiceCredentials };

    private EchoHost _host = null!;

    [SetUp]
    public async Task Start() => _host = await EchoHost.StartAsync(Endpoint);

    [TearDown]
    public async Task Stop() => await _host.DisposeAsync();

    [TestCase(SoapVersion.Soap11, "text/xml")]
    [TestCase(SoapVersion.Soap12, "application/soap+xml")]
    public async Task Post_WithoutSecurityHeader_GetsTheFaultOfItsVersion(SoapVersion version, string mediaType)
    {
        using var client = Client(version);

        var reply = await client.PostAsync(client.Envelope("Echo", "plain"));

        Demand(reply, "InvalidSecurity", SecurityFailure.SecurityHeaderMissing);
        Assert.That(reply.ContentType!.MediaType, Is.EqualTo(mediaType));
        Assert.That(reply.ContentType.CharSet, Is.EqualTo("utf-8"));
        Assert.That(reply.Text, Does.Contain(version == SoapVersion.Soap11 ? "http://schemas.xmlsoap.org/soap/envelope/" : "http://www.w3.org/2003/05/soap-envelope"));
    }

    [Test]
    public async Task Post_CiphertextChanged_GetsFailedCheck()
    {
        using var client = Client();
        var wire = Encoding.UTF8.GetString(client.Protect("Echo", "secret"));
        var index = wire.LastIndexOf("CipherValue>", StringComparison.Ordinal) - 30;

        var reply = await client.PostAsync(Encoding.UTF8.GetBytes($"{wire[..index]}{(wire[index] == 'A' ? 'B' : 'A')}{wire[(index + 1)..]}"));

        Demand(reply, "FailedCheck", SecurityFailure.DecryptionFailed);
    }

    [Test]
    public async Task Post_TimestampChanged_GetsFailedCheck()
    {
        using var client = Client();
        var wire = Encoding.UTF8.GetString(client.Protect("Echo", "secret"));
        var index = wire.IndexOf("Created>", StringComparison.Ordinal) + "Created>2026-11-24T12:00:0".Length;

        var reply = await client.PostAsync(Encoding.UTF8.GetBytes($"{wire[..index]}{(wire[index] == '0' ? '1' : '0')}{wire[(index + 1)..]}"));

        Demand(reply, "FailedCheck", SecurityFailure.DigestMismatch);
    }

    [Test]
    public async Task Post_SameMessageAgain_GetsFailedCheck()
    {
        using var client = Client();
        var wire = client.Protect("Echo", "once");

        Assert.That((await client.PostAsync(wire)).StatusCode, Is.EqualTo(200));
        Demand(await client.PostAsync(wire), "FailedCheck", SecurityFailure.MessageReplayed, calls: 1);
    }

    [Test]
    public async Task Post_SignedByAStrangerAndEncrypted_GetsFailedCheckAsEverythingAfterDecryption()
    {
        using var client = new EchoClient(_host, Policy, TestKeys.ClientCredentials with { Certificate = TestKeys.Stranger });

        Demand(await client.PostAsync(client.Protect("Echo", "hello")), "FailedCheck", SecurityFailure.CertificateNotTrusted);
    }

    [Test]
    public async Task Post_SignedByAStrangerInClear_GetsInvalidSecurityToken()
    {
        await using var host = await EchoHost.StartAsync(Endpoint with { Policy = SecurityPolicy.CertificateSignature });
        using var client = new EchoClient(host, SecurityPolicy.CertificateSignature, TestKeys.ClientCredentials with { Certificate = TestKeys.Stranger });

        var reply = await client.PostAsync(client.Protect("Echo", "hello"));

        Assert.That((reply.StatusCode, reply.FaultCode), Is.EqualTo((500, "InvalidSecurityToken")));
        Assert.That(host.Log.Failures, Is.Not.Empty.And.All.EqualTo(SecurityFailure.CertificateNotTrusted));
        Assert.That(host.Echo.Calls, Is.Zero);
    }

    [TestCase("", SecurityFailure.MalformedXml)]
    [TestCase("not XML at all", SecurityFailure.MalformedXml)]
    [TestCase("<html><body>hello</body></html>", SecurityFailure.InvalidEnvelope)]
    [TestCase("<!DOCTYPE x><x/>", SecurityFailure.DocumentTypeNotAllowed)]
    public async Task Post_Garbage_GetsInvalidSecurity(string body, SecurityFailure failure)
    {
        using var client = Client();

        Demand(await client.PostAsync(Encoding.UTF8.GetBytes(body)), "InvalidSecurity", failure);
    }

    [TestCase("application/json")]
    [TestCase("application/xml")]
    [TestCase("multipart/related; type=\"application/xop+xml\"")]
    [TestCase("")]
    public async Task Post_ContentTypeOfSomethingElse_GetsInvalidSecurity(string contentType)
    {
        using var client = Client();

        Demand(await client.PostAsync(client.Protect("Echo", "hello"), contentType: contentType), "InvalidSecurity", SecurityFailure.InvalidEnvelope);
    }

    [Test]
    public async Task Post_ContentTypeOfTheOtherVersion_IsRefusedAndMayComeAgainProperly()
    {
        using var client = Client();
        var wire = client.Protect("Echo", "hello");

        Demand(await client.PostAsync(wire, contentType: "application/soap+xml"), "InvalidSecurity", SecurityFailure.InvalidEnvelope);
        Assert.That((await client.PostAsync(wire)).StatusCode, Is.EqualTo(200));
    }

    [Test]
    public async Task Post_CharsetThatIsNotTrue_GetsInvalidSecurity()
    {
        using var client = Client();

        Demand(await client.PostAsync(client.Protect("Echo", "hello"), contentType: "text/xml; charset=utf-16"), "InvalidSecurity", SecurityFailure.InvalidEncoding);
    }

    [Test]
    public async Task Post_CompressedBody_GetsInvalidSecurity()
    {
        using var client = Client();

        var reply = await client.PostAsync(client.Protect("Echo", "hello"), change: request => request.Content!.Headers.ContentEncoding.Add("gzip"));

        Demand(reply, "InvalidSecurity", SecurityFailure.InvalidEncoding);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Post_LargerThanTheLimit_GetsInvalidSecurity(bool chunked)
    {
        await using var host = await EchoHost.StartAsync(Endpoint with { Policy = Policy with { Limits = new ProcessingLimits { MaxMessageSize = 20_000 } } });
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);

        var reply = await client.PostAsync(client.Protect("Echo", new string('x', 30_000)), change: request => request.Headers.TransferEncodingChunked = chunked);

        Assert.That(reply.FaultCode, Is.EqualTo("InvalidSecurity"));
        Assert.That(host.Log.Failures, Is.Not.Empty.And.All.EqualTo(SecurityFailure.MessageTooLarge));
        Assert.That(host.Echo.Calls, Is.Zero);
    }

    [Test]
    public async Task Post_SignedToOfAnotherEndpoint_IsRefused()
    {
        using var client = Client();

        Demand(
            await client.PostAsync(client.Protect("Echo", "hello", RoundTripTests.To("http://127.0.0.1/Other.svc"))), "FailedCheck", SecurityFailure.DestinationMismatch);
    }

    [Test]
    public async Task Post_SoapActionOfAnotherOperation_IsRefused()
    {
        using var client = Client();

        Demand(
            await client.PostAsync(client.Protect("Echo", "hello", RoundTripTests.Action(EchoClient.ActionOf("Echo"))), operation: "Fail"),
            "FailedCheck",
            SecurityFailure.ActionMismatch);
    }

    [Test]
    public async Task Post_PathInAnotherCase_IsProtectedAsWell()
    {
        using var client = Client();

        Demand(await client.PostAsync(client.Envelope("Echo", "plain"), path: "/ECHO.SVC"), "InvalidSecurity", SecurityFailure.SecurityHeaderMissing);
    }

    [TestCase("/Echo.svc/Echo")]
    [TestCase("/Echo.svc/")]
    public async Task Post_BelowThePath_IsProtectedAsWell(string path)
    {
        using var client = Client();

        Demand(await client.PostAsync("text=plain"u8.ToArray(), path: path, contentType: "application/x-www-form-urlencoded"), "InvalidSecurity", SecurityFailure.InvalidEnvelope);
    }

    [Test]
    public async Task Get_OperationBelowThePath_IsRefused()
    {
        // SoapCore runs operations for a GET.
        using var http = new HttpClient { BaseAddress = _host.BaseAddress };

        using var response = await http.GetAsync(new Uri("/Echo.svc/Echo?text=plain", UriKind.Relative));

        Assert.That((int)response.StatusCode, Is.EqualTo(500));
        Assert.That(_host.Echo.Calls, Is.Zero);
    }

    [Test]
    public async Task Get_Wsdl_IsAnswered()
    {
        using var http = new HttpClient { BaseAddress = _host.BaseAddress };

        Assert.That(await http.GetStringAsync(new Uri("/Echo.svc?wsdl", UriKind.Relative)), Does.Contain("definitions"));
        Assert.That(await http.GetStringAsync(new Uri("/health", UriKind.Relative)), Is.EqualTo("well"));
    }

    [TestCase("websocket")]
    [TestCase("h2c")]
    public async Task Get_UpgradeOfTheConnection_IsRefused(string protocol)
    {
        using var http = new HttpClient { BaseAddress = _host.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, EchoHost.Path);
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", protocol);

        using var response = await http.SendAsync(request);

        Assert.That((int)response.StatusCode, Is.EqualTo(500));
        Assert.That(_host.Log.Failures, Is.Not.Empty);
    }

    [Test]
    public async Task Get_WithABody_IsRefused()
    {
        using var http = new HttpClient { BaseAddress = _host.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, EchoHost.Path) { Content = new StringContent("<x/>", Encoding.UTF8, "text/xml") };

        using var response = await http.SendAsync(request);

        Assert.That((int)response.StatusCode, Is.EqualTo(500));
        Assert.That(_host.Log.Failures, Is.Not.Empty);
    }

    [Test]
    public async Task Post_ValidatorFails_NothingRunsAndNothingLeaks()
    {
        var policy = SecurityPolicy.UserNameForCertificate with { RequireDerivedKeys = false };
        await using var host = await EchoHost.StartAsync(new WsSecurityEndpoint
        {
            Policy = policy,
            Credentials = TestKeys.ServiceCredentials with { UsernameTokenValidator = new BrokenValidator() },
        });
        using var client = new EchoClient(host, policy, TestKeys.ClientCredentials with { UserName = "alice", Password = "opensesame" });

        var reply = await client.PostAsync(client.Protect("Echo", "hello"));

        Assert.That(reply.StatusCode, Is.EqualTo(500));
        Assert.That(reply.Text, Does.Not.Contain("directory"));
        Assert.That(host.Log.Messages, Has.None.Contains("opensesame"));
        Assert.That(host.Echo.Calls, Is.Zero);
    }

    [Test]
    public async Task Get_WsdlWhereMetadataIsForbidden_IsRefused()
    {
        await using var host = await EchoHost.StartAsync(Endpoint with { AllowMetadata = false });
        using var http = new HttpClient { BaseAddress = host.BaseAddress };

        using var response = await http.GetAsync(new Uri("/Echo.svc?wsdl", UriKind.Relative));

        Assert.That((int)response.StatusCode, Is.EqualTo(500));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("definitions"));
    }

    [Test]
    public async Task Post_ClientGivesUpWhileSending_LeavesTheHostServing()
    {
        using var client = Client();
        using var http = new HttpClient { BaseAddress = _host.BaseAddress };
        using var cancellation = new CancellationTokenSource();
        using var content = new StreamContent(new EndlessStream(cancellation));
        content.Headers.TryAddWithoutValidation("Content-Type", "text/xml");

        Assert.That(async () => await http.PostAsync(new Uri(EchoHost.Path, UriKind.Relative), content, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await client.CallAsync("Echo", "still here")).Text, Is.EqualTo("still here"));
    }

    private EchoClient Client(SoapVersion version = SoapVersion.Soap11) => new(_host, Policy, TestKeys.ClientCredentials) { Version = version };

    private void Demand(Reply reply, string faultCode, SecurityFailure failure, int calls = 0)
    {
        Assert.That(reply.StatusCode, Is.EqualTo(500));
        Assert.That(reply.FaultCode, Is.EqualTo(faultCode));
        Assert.That(reply.Text, Does.Not.Contain(failure.ToString()));
        Assert.That(_host.Log.Failures, Is.Not.Empty.And.All.EqualTo(failure));
        Assert.That(_host.Echo.Calls, Is.EqualTo(calls));
    }

    private sealed class BrokenValidator : IUsernameTokenValidator
    {
        public ValueTask<IReadOnlyList<Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("the directory does not answer");
    }
}
