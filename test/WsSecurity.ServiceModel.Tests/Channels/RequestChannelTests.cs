using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Security;
using System.Xml.Linq;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.ServiceModel.Tests.Channels;

/// <summary>What a caller over HTTP sees of good, bad, late and missing replies.</summary>
internal sealed class RequestChannelTests
{
    private static readonly SecurityPolicy Policy = Policies.Mutual;
    private static readonly SecurityPolicy SignOnly = Policy with { ProtectionLevel = ProtectionLevel.Sign };

    [Test]
    public async Task Echo_TwoHundredConcurrentCalls_GetTheirOwnReplies()
    {
        await using var host = await HttpService.StartAsync(new SecuredService(Policy));
        using var proxy = Proxy.For(Proxy.Patient(new WSHttpBinding(SecurityMode.None)).WithMessageSecurity(Policy), host.Address);

        // Those who wait synchronously have threads of their own, so that the pool stays free for the server.
        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => number % 2 == 0
            ? proxy.Channel.EchoAsync($"call {number}")
            : Task.Factory.StartNew(() => proxy.Channel.Echo($"call {number}"), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.That(replies, Is.EqualTo(Enumerable.Range(0, 200).Select(number => $"call {number}")));
    }

    [TestCase(AuthenticationMode.MutualCertificateDuplex)]
    [TestCase(AuthenticationMode.MutualCertificate)]
    [TestCase(AuthenticationMode.CertificateSignature)]
    [TestCase(AuthenticationMode.AnonymousForCertificate)]
    [TestCase(AuthenticationMode.UserNameForCertificate)]
    public async Task Echo_EveryModeThatProtectsMessages_RoundTrips(AuthenticationMode mode)
    {
        var policy = new SecurityPolicy { AuthenticationMode = mode };
        await using var host = await HttpService.StartAsync(new SecuredService(policy));
        using var proxy = Proxy.For(Proxy.Patient(new WSHttpBinding(SecurityMode.None)).WithMessageSecurity(policy), host.Address, factory =>
        {
            factory.Credentials.UserName.UserName = "alice";
            factory.Credentials.UserName.Password = "secret";
        });

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(await proxy.Channel.EchoAsync("text"), Is.EqualTo("text"));
        Assert.That(Assert.Throws<FaultException<string>>(() => proxy.Channel.Fail("why"))!.Detail, Is.EqualTo("why"));
    }

    [Test]
    public async Task Echo_LargeStreamedBody_RoundTrips()
    {
        await using var host = await HttpService.StartAsync(new SecuredService(Policy));
        var binding = new BasicHttpBinding
        {
            TransferMode = TransferMode.Streamed,
            MaxReceivedMessageSize = int.MaxValue,
            ReaderQuotas = { MaxStringContentLength = int.MaxValue, MaxArrayLength = int.MaxValue },
        };
        using var proxy = Proxy.For(Proxy.Patient(binding).WithMessageSecurity(Policy), host.Address);
        var text = new string('x', 16 * 1024 * 1024);

        Assert.That(await proxy.Channel.EchoAsync(text), Is.EqualTo(text));
    }

    [Test]
    public async Task Echo_Evidence_IsInTheReplysProperties()
    {
        await using var host = await HttpService.StartAsync(new SecuredService(Policy));
        using var proxy = Proxy.For(new BasicHttpBinding().WithMessageSecurity(Policy), host.Address);

        using var scope = new OperationContextScope(proxy.ClientChannel);
        proxy.Channel.Echo("text");

        var properties = OperationContext.Current.IncomingMessageProperties;
        var evidence = properties.GetProtectionEvidence();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(evidence!.Tokens.OfType<X509VerifiedToken>().Single().Certificate.Thumbprint, Is.EqualTo(TestCertificates.Service.Thumbprint));
            Assert.That(evidence.Signatures.Single().Parts.Select(part => part.Path), Does.Contain("/Envelope/Body"));
            Assert.That(evidence.EncryptedParts.Select(part => part.Path), Does.Contain("/Envelope/Body"));
            Assert.That(properties[HttpResponseMessageProperty.Name], Is.InstanceOf<HttpResponseMessageProperty>());
        }
    }

    [Test]
    public void GetProtectionEvidence_UnprotectedMessage_IsNull()
    {
        using var message = Message.CreateMessage(MessageVersion.Soap11, "urn:action");
        Assert.That(message.Properties.GetProtectionEvidence(), Is.Null);
        Assert.Throws<ArgumentNullException>(() => ((MessageProperties)null!).GetProtectionEvidence());
    }

    [Test]
    public async Task Echo_RequestOnTheWire_HasTheAddressingHeadersThatWereSigned()
    {
        var service = new SecuredService(SignOnly);
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(new WSHttpBinding(SecurityMode.None).WithMessageSecurity(SignOnly), host.Address);
        proxy.Channel.Echo("text");

        var request = service.Requests.Single();
        var signed = service.Evidence.Single().Signatures.Single().Parts.Select(part => part.Path).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.Header("To"), Is.EqualTo(host.Address.AbsoluteUri));
            Assert.That(request.Header("MessageID"), Is.Not.Empty);
            Assert.That(request.Header("Action"), Is.EqualTo("urn:wssecurity:test/IEcho/Echo"));
            foreach (var header in new[] { "To", "MessageID", "Action", "ReplyTo" })
            {
                Assert.That(signed, Does.Contain($"/Envelope/Header/{{http://www.w3.org/2005/08/addressing}}{header}"));
            }
        }
    }

    [Test]
    public async Task Echo_TamperedReply_IsAMessageSecurityExceptionWithTheFailure([Values] bool isAsync, [Values(TransferMode.Buffered, TransferMode.Streamed)] TransferMode mode)
    {
        var service = new SecuredService(SignOnly) { Tamper = octets => Replace(octets, ">text<", ">tekst<") };
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(new BasicHttpBinding { TransferMode = mode }.WithMessageSecurity(SignOnly), host.Address);

        Assert.That(Failure(await RefusalAsync(proxy.Channel, isAsync)), Is.EqualTo(SecurityFailure.DigestMismatch));
    }

    [Test]
    public async Task Echo_SignedWhiteSpaceBeforeTheBody_IsCarriedByText()
    {
        await using var host = await HttpService.StartAsync(new SecuredService(SignOnly) { Edit = reply => reply.Body().AddFirst("\n  ") });
        using var proxy = Proxy.For(new BasicHttpBinding().WithMessageSecurity(SignOnly), host.Address);

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
    }

    [Test]
    public async Task Echo_SignedWhiteSpaceBeforeTheBodyInBinary_IsRefusedAndSaysWhy()
    {
        var encoding = new BinaryMessageEncodingBindingElement();
        var service = new SecuredService(SignOnly) { Edit = reply => reply.Body().AddFirst("\n  ") };
        await using var host = await HttpService.StartAsync(service, WireFormat.Of(encoding));
        using var proxy = Proxy.For(new CustomBinding(encoding, new HttpTransportBindingElement()).WithMessageSecurity(SignOnly), host.Address);

        var refusal = await RefusalAsync(proxy.Channel, isAsync: false);
        Assert.That(Failure(refusal), Is.EqualTo(SecurityFailure.DigestMismatch));
        Assert.That(refusal.Message, Does.Contain("white space at the beginning of the Body"));
    }

    [Test]
    public async Task Echo_ReplyWithoutProtection_IsRefused()
    {
        await using var host = await HttpService.StartAsync(AnswerPlainly(request => Envelopes.Answer(
            request, "a", new XElement(Envelopes.Contract + "EchoResponse", new XElement(Envelopes.Contract + "EchoResult", "forged"))), StatusCodes.Status200OK));
        using var proxy = Proxy.For(new BasicHttpBinding().WithMessageSecurity(Policy), host.Address);

        Assert.That(Failure(await RefusalAsync(proxy.Channel, isAsync: false)), Is.AnyOf(SecurityFailure.UnsecuredReply, SecurityFailure.SecurityHeaderMissing));
    }

    [Test]
    public async Task Echo_ReplyToAnotherCall_IsRefused()
    {
        byte[]? first = null;
        var service = new SecuredService(Policy) { Tamper = octets => first ??= octets };
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(new WSHttpBinding(SecurityMode.None).WithMessageSecurity(Policy), host.Address);

        Assert.That(proxy.Channel.Echo("first"), Is.EqualTo("first"));
        Assert.That(Failure(await RefusalAsync(proxy.Channel, isAsync: false)), Is.EqualTo(SecurityFailure.SignatureConfirmationMismatch));
    }

    [Test]
    public async Task Echo_UnsecuredFault_IsAMessageSecurityExceptionWithTheClaimedFault([Values] bool isSoap12, [Values] bool isAsync)
    {
        await using var host = await HttpService.StartAsync(AnswerPlainly(
            request => Envelopes.Answer(request, "urn:fault", Envelopes.Fault(request.Soap(), "Client", "Somebody says no.")), StatusCodes.Status500InternalServerError));
        var binding = isSoap12 ? (Binding)new WSHttpBinding(SecurityMode.None) : new BasicHttpBinding();
        using var proxy = Proxy.For(binding.WithMessageSecurity(Policy), host.Address);

        var refusal = await RefusalAsync(proxy.Channel, isAsync);
        Assert.That(refusal.InnerException, Is.InstanceOf<FaultException>());
        Assert.That(refusal.InnerException!.Message, Is.EqualTo("Somebody says no."));
    }

    [Test]
    public async Task Echo_UnsecuredFaultThatIsTolerated_IsTheFault()
    {
        await using var host = await HttpService.StartAsync(AnswerPlainly(
            request => Envelopes.Answer(request, "urn:fault", Envelopes.Fault(request.Soap(), "Client", "Somebody says no.")), StatusCodes.Status500InternalServerError));
        using var proxy = Proxy.For(new BasicHttpBinding().WithMessageSecurity(Policy with { Tolerances = Tolerances.None with { UnsecuredFault = true } }), host.Address);

        Assert.That(Assert.Throws<FaultException>(() => proxy.Channel.Echo("text"))!.Message, Is.EqualTo("Somebody says no."));
    }

    [Test]
    public async Task Echo_RequestThatTheServiceRefuses_ShowsTheStandardFault()
    {
        var service = new SecuredService(Policy, new SecurityCredentials
        {
            Certificate = TestCertificates.Service,
            TrustDomains = [new TrustDomain { Name = "others", Certificates = [TestCertificates.Public(TestCertificates.Stranger)] }],
        });
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(new BasicHttpBinding().WithMessageSecurity(Policy), host.Address);

        var refusal = await RefusalAsync(proxy.Channel, isAsync: false);
        Assert.That(service.Refusals.Single().Failure, Is.EqualTo(SecurityFailure.CertificateNotTrusted));
        Assert.That(((FaultException)refusal.InnerException!).Code.Name, Is.EqualTo("FailedCheck"));
    }

    [TestCase("not xml at all")]
    [TestCase("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><cut")]
    [TestCase("<!DOCTYPE x [<!ENTITY y 'z'>]><s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body/></s:Envelope>")]
    [TestCase("<html/>")]
    public async Task Echo_GarbageReply_IsRefused(string garbage)
    {
        await using var host = await HttpService.StartAsync(context =>
        {
            context.Response.ContentType = "text/xml; charset=utf-8";
            return context.Response.WriteAsync(garbage);
        });
        using var proxy = Proxy.For(new BasicHttpBinding().WithMessageSecurity(Policy), host.Address);

        Assert.That((await RefusalAsync(proxy.Channel, isAsync: true)).InnerException, Is.InstanceOf<WsSecurityException>());
    }

    [Test]
    public async Task Echo_GarbageReplyInBinary_IsAProtocolException()
    {
        var encoding = new BinaryMessageEncodingBindingElement();
        await using var host = await HttpService.StartAsync(context =>
        {
            context.Response.ContentType = "application/soap+msbin1";
            return context.Response.WriteAsync("not binary xml");
        });
        using var proxy = Proxy.For(new CustomBinding(encoding, new HttpTransportBindingElement()).WithMessageSecurity(Policy), host.Address);

        Assert.Throws<ProtocolException>(() => proxy.Channel.Echo("text"));
    }

    [Test]
    public async Task Echo_EmptyReply_SaysThatTheServiceDidNotReply([Values] bool isBinary, [Values(200, 202)] int status)
    {
        MessageEncodingBindingElement encoding = isBinary ? new BinaryMessageEncodingBindingElement() : new TextMessageEncodingBindingElement();
        await using var host = await HttpService.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = isBinary ? "application/soap+msbin1" : "application/soap+xml; charset=utf-8";
            context.Response.ContentLength = 0;
            return Task.CompletedTask;
        });
        using var proxy = Proxy.For(new CustomBinding(encoding, new HttpTransportBindingElement()).WithMessageSecurity(Policy), host.Address);

        Assert.That(Assert.Throws<CommunicationException>(() => proxy.Channel.Echo("text"))!.Message, Does.Contain("meaningful reply"));
        Assert.DoesNotThrow(() => proxy.Channel.Notify("text"));
    }

    [Test]
    public async Task Notify_AnsweredWithAnUnsecuredFault_IsRefused()
    {
        await using var host = await HttpService.StartAsync(AnswerPlainly(
            request => Envelopes.Answer(request, "urn:fault", Envelopes.Fault(request.Soap(), "Client", "Somebody says no.")), StatusCodes.Status500InternalServerError));
        using var proxy = Proxy.For(new BasicHttpBinding().WithMessageSecurity(Policy), host.Address);

        Assert.Throws<MessageSecurityException>(() => proxy.Channel.Notify("text"));
        await Assert.ThrowsAsync<MessageSecurityException>(() => proxy.Channel.NotifyAsync("text"));
    }

    [Test]
    public async Task Echo_HttpErrorWithoutSoap_IsWhatWcfMakesOfIt()
    {
        await using var host = await HttpService.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        using var proxy = Proxy.For(new BasicHttpBinding().WithMessageSecurity(Policy), host.Address);

        Assert.Throws<EndpointNotFoundException>(() => proxy.Channel.Echo("text"));
    }

    [Test]
    public async Task Echo_SlowReply_TimesOut([Values] bool isAsync)
    {
        await using var host = await HttpService.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var binding = new BasicHttpBinding { SendTimeout = TimeSpan.FromMilliseconds(300) };
        using var proxy = Proxy.For(binding.WithMessageSecurity(Policy), host.Address);

        if (isAsync)
        {
            await Assert.ThrowsAsync<TimeoutException>(() => proxy.Channel.EchoAsync("text"));
        }
        else
        {
            Assert.Throws<TimeoutException>(() => proxy.Channel.Echo("text"));
        }
    }

    [Test]
    public async Task Echo_StreamedReplyThatStalls_TimesOut([Values] bool isAsync, [Values] bool isBinary)
    {
        await using var host = await HttpService.StartAsync(context => StallAsync(context, isBinary, () => { }));
        var binding = Stalling(isBinary);
        binding.SendTimeout = TimeSpan.FromMilliseconds(700);
        using var proxy = Proxy.For(binding, host.Address);

        if (isAsync)
        {
            await Assert.ThrowsAsync<TimeoutException>(() => proxy.Channel.EchoAsync("text"));
        }
        else
        {
            Assert.Throws<TimeoutException>(() => proxy.Channel.Echo("text"));
        }
    }

    [Test]
    public async Task Abort_WhileAStreamedReplyStalls_EndsTheCall()
    {
        var stalled = new TaskCompletionSource();
        await using var host = await HttpService.StartAsync(context => StallAsync(context, isBinary: false, stalled.SetResult));
        using var proxy = Proxy.For(Stalling(isBinary: false), host.Address);

        var call = proxy.Channel.EchoAsync("text");
        await stalled.Task;
        proxy.ClientChannel.Abort();
        await Assert.ThatAsync(() => call, Throws.InstanceOf<CommunicationException>().Or.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Abort_WhileAReplyIsAwaited_EndsTheCall()
    {
        var arrived = new TaskCompletionSource();
        await using var host = await HttpService.StartAsync(context =>
        {
            arrived.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var proxy = Proxy.For(Proxy.Patient(new BasicHttpBinding()).WithMessageSecurity(Policy), host.Address);

        var call = proxy.Channel.EchoAsync("text");
        await arrived.Task;
        proxy.ClientChannel.Abort();
        await Assert.ThatAsync(() => call, Throws.InstanceOf<CommunicationException>().Or.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Echo_ReplyBeyondThePolicysLimit_IsRefused([Values(TransferMode.Buffered, TransferMode.Streamed)] TransferMode mode)
    {
        var small = Policy with { Limits = ProcessingLimits.Default with { MaxMessageSize = 20_000 } };
        await using var host = await HttpService.StartAsync(new SecuredService(Policy) { Edit = reply => reply.Body().Descendants().Last().Value = new string('x', 30_000) });
        using var proxy = Proxy.For(new BasicHttpBinding { TransferMode = mode, MaxReceivedMessageSize = 1_000_000 }.WithMessageSecurity(small), host.Address);

        Assert.That(Failure(await RefusalAsync(proxy.Channel, isAsync: false)), Is.EqualTo(SecurityFailure.MessageTooLarge));
    }

    [Test]
    public async Task Echo_ReplyBeyondTheBindingsQuota_IsWhatWcfMakesOfIt()
    {
        await using var host = await HttpService.StartAsync(new SecuredService(Policy) { Edit = reply => reply.Body().Descendants().Last().Value = new string('x', 30_000) });
        using var proxy = Proxy.For(new BasicHttpBinding { ReaderQuotas = { MaxStringContentLength = 1000 } }.WithMessageSecurity(Policy), host.Address);

        Assert.That(() => proxy.Channel.Echo("text"), Throws.InstanceOf<CommunicationException>().And.Not.InstanceOf<MessageSecurityException>());
    }

    private static CustomBinding Stalling(bool isBinary) => Proxy.Patient(new CustomBinding(
        isBinary ? new BinaryMessageEncodingBindingElement() : new TextMessageEncodingBindingElement(MessageVersion.Soap11, System.Text.Encoding.UTF8),
        new HttpTransportBindingElement { TransferMode = TransferMode.Streamed })).WithMessageSecurity(Policy);

    private static async Task StallAsync(HttpContext context, bool isBinary, Action stalled)
    {
        context.Response.ContentType = isBinary ? "application/soap+msbin1" : "text/xml; charset=utf-8";
        await context.Response.WriteAsync(isBinary ? "V" : "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>");
        await context.Response.Body.FlushAsync();
        stalled();
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    private static RequestDelegate AnswerPlainly(Func<XDocument, XDocument> answer, int status) => async context =>
    {
        var request = Envelopes.Parse(await HttpService.ReadAsync(context.Request));
        context.Response.StatusCode = status;
        context.Response.ContentType = request.Soap() == Envelopes.Soap12 ? "application/soap+xml; charset=utf-8" : "text/xml; charset=utf-8";
        await context.Response.BodyWriter.WriteAsync(answer(request).ToOctets());
    };

    private static async Task<MessageSecurityException> RefusalAsync(IEcho channel, bool isAsync) => isAsync
        ? (await Assert.ThrowsAsync<MessageSecurityException>(() => channel.EchoAsync("text")))!
        : Assert.Throws<MessageSecurityException>(() => channel.Echo("text"))!;

    private static SecurityFailure Failure(MessageSecurityException refusal) => ((WsSecurityException)refusal.InnerException!).Failure;

    private static byte[] Replace(byte[] octets, string old, string replacement) =>
        System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(octets).Replace(old, replacement, StringComparison.Ordinal));
}
