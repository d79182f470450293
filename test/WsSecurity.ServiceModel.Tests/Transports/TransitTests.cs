using NUnit.Framework;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Security;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.ServiceModel.Tests.Transports;

/// <summary>A second header for a node on the way, by the binding alone, over HTTP and net.tcp.</summary>
internal sealed class TransitTests
{
    private static readonly TransferMode[] TransferModes = [TransferMode.Buffered, TransferMode.Streamed, TransferMode.StreamedRequest, TransferMode.StreamedResponse];

    private static readonly TransitSecurity Adding = new() { Added = TransitNode.ForNode };

    private static readonly TransitSecurity Both = Adding with
    {
        Verified = TransitNode.ForClient,
        Credentials = new SecurityCredentials
        {
            Certificate = TestCertificates.Client,
            TrustDomains = [new TrustDomain { Name = "node", Certificates = [TestCertificates.Public(TestCertificates.Loopback)] }],
        },
    };

    [Test]
    public async Task Http_EveryTransferMode_NodeAndServiceVerifyTheirOwnHeader([Values("Text11", "Text12", "Binary")] string encoding, [ValueSource(nameof(TransferModes))] TransferMode mode)
    {
        var (service, node) = Service();
        await using var host = await HttpService.StartAsync(service, encoding == "Binary" ? WireFormat.Of(Encoding(encoding)) : WireFormat.Text);
        var binding = new CustomBinding(Encoding(encoding), new HttpTransportBindingElement { TransferMode = mode });
        using var proxy = Proxy.For(Proxy.Patient(binding).WithMessageSecurity(Policies.Mutual, transit: Adding), host.Address);

        Assert.That(proxy.Channel.Echo("sync"), Is.EqualTo("sync"));
        Assert.That(await proxy.Channel.EchoAsync("async"), Is.EqualTo("async"));
        proxy.Channel.Notify("one way");
        AssertBoth(service, node, 3);
    }

    [Test]
    public async Task NetTcp_Session_NodeAndServiceVerifyTheirOwnHeader([Values("Text12", "Binary")] string encoding)
    {
        var (service, node) = Service();
        await using var host = FramingService.Start(service, () => WireFormat.SessionOf(Encoding(encoding)));
        using var proxy = Proxy.For(Tcp(encoding, TransferMode.Buffered, Adding), host.Address);

        Assert.That(proxy.Channel.Echo("sync"), Is.EqualTo("sync"));
        proxy.Channel.Notify("one way");
        Assert.That(await proxy.Channel.EchoAsync("async"), Is.EqualTo("async"));
        AssertBoth(service, node, 3);
    }

    [Test]
    public async Task NetTcp_Streamed_NodeAndServiceVerifyTheirOwnHeader([Values("Text12", "Binary")] string encoding)
    {
        var (service, node) = Service();
        await using var host = FramingService.Start(service, () => WireFormat.Of(Encoding(encoding)));
        using var proxy = Proxy.For(Tcp(encoding, TransferMode.Streamed, Adding), host.Address);

        Assert.That(proxy.Channel.Echo("sync"), Is.EqualTo("sync"));
        Assert.That(await proxy.Channel.EchoAsync("async"), Is.EqualTo("async"));
        AssertBoth(service, node, 2);
    }

    [Test]
    public async Task NetTcp_AnswerToACallback_HasTheHeaderToo_AndTheCallbackMustHaveOne()
    {
        var (service, node) = Service();
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = FramingService.Start(async connection =>
        {
            var format = WireFormat.SessionOf(Encoding("Text12"));
            service.Answered = async (request, envelope) =>
            {
                var (news, none) = request.CreateCallbackInitiator().Protect(Callbacks.News("without a header of the node"));
                none.Dispose();
                await connection.WriteEnvelopeAsync(format.Encode(news));
                var (octets, pending) = request.CreateCallbackInitiator().Protect(Callbacks.Question("question", "urn:uuid:c4d9a24e-6a4e-4f0c-9b1c-0d3c4ee9b001"));
                using (pending)
                {
                    await connection.WriteEnvelopeAsync(format.Encode(node.AddForClient(octets)));
                    var passed = await node.PassAsync(format.Decode((await connection.ReadEnvelopeAsync())!, null));
                    answer.SetResult(Envelopes.Parse(pending.VerifyReply(passed, MessageContext.Empty)).Body().Value);
                }
            };
            var first = await service.AnswerAsync(format.Decode((await connection.ReadEnvelopeAsync())!, null));
            await connection.WriteEnvelopeAsync(format.Encode(node.AddForClient(first!.Envelope.ToArray())));
            await first.Then();
        });
        var sink = new CallbackSink();
        using var proxy = new Proxy<IEchoWithCallback>(Tcp("Text12", TransferMode.Buffered, Both), new EndpointAddress(host.Address), callback: sink);

        proxy.Channel.Subscribe("topic");

        Assert.That(await answer.Task.WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo("answer to question"));
        Assert.That(sink.News, Is.Empty);
    }

    [Test]
    public async Task Reply_WithTheNodesHeader_IsVerifiedAndTheHeaderTakenAway([Values] bool streamed)
    {
        var (service, node) = Service();
        service.Tamper = node.AddForClient;
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(Http(Both, streamed ? TransferMode.Streamed : TransferMode.Buffered), host.Address);

        Assert.That(proxy.Channel.Echo("sync"), Is.EqualTo("sync"));
        Assert.That(await proxy.Channel.EchoAsync("async"), Is.EqualTo("async"));
        Assert.That(Assert.Throws<FaultException<string>>(() => proxy.Channel.Fail("why")).Detail, Is.EqualTo("why"));
    }

    [Test]
    public async Task Reply_WithAMandatoryHeaderThatNobodyTakesAway_IsRefusedByWcf()
    {
        var (service, node) = Service();
        service.Tamper = node.AddForClient;
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(Http(Adding), host.Address);

        Assert.Throws<ProtocolException>(() => proxy.Channel.Echo("text"));
    }

    [Test]
    public async Task Reply_WithoutTheNodesHeader_IsRefused()
    {
        var (service, _) = Service();
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(Http(Both), host.Address);

        Assert.That(Refusal(() => proxy.Channel.Echo("text")), Is.EqualTo(SecurityFailure.SecurityHeaderMissing));
    }

    [Test]
    public async Task Reply_WithAHeaderOfAStranger_IsRefused()
    {
        var (service, node) = Service();
        service.Tamper = node.AddForClient;
        await using var host = await HttpService.StartAsync(service);
        var trust = new TrustDomain { Name = "node", Certificates = [TestCertificates.Public(TestCertificates.Stranger)] };
        using var proxy = Proxy.For(Http(Both with { Credentials = Both.Credentials! with { TrustDomains = [trust] } }), host.Address);

        Assert.That(Refusal(() => proxy.Channel.Echo("text")), Is.EqualTo(SecurityFailure.CertificateNotTrusted));
    }

    [Test]
    public async Task Reply_ChangedOnTheWay_IsRefusedByEitherHeader([Values] bool afterTheNode)
    {
        var (service, node) = Service();
        service.Tamper = reply => afterTheNode ? Change(node.AddForClient(reply)) : node.AddForClient(Change(reply));
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(Http(Both), host.Address);

        Assert.That(Refusal(() => proxy.Channel.Echo("text")), Is.EqualTo(SecurityFailure.DigestMismatch));
    }

    [Test]
    public async Task Node_ThatTrustsAnother_RefusesTheRequest()
    {
        var (service, _) = Service();
        service.OnTheWay = new TransitNode(trust: new SecurityCredentials { TrustDomains = [new TrustDomain { Name = "other", Certificates = [TestCertificates.Public(TestCertificates.Stranger)] }] }).PassAsync;
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(Http(Adding), host.Address);

        Assert.Throws<MessageSecurityException>(() => proxy.Channel.Echo("text"));
        Assert.That(service.Refusals.Single().Failure, Is.EqualTo(SecurityFailure.CertificateNotTrusted));
    }

    [Test]
    public async Task Header_UnderKeysOfItsOwn_IsSignedByThem()
    {
        var (service, node) = Service();
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(Http(Adding with { Credentials = new SecurityCredentials { Certificate = TestCertificates.Loopback } }), host.Address);

        proxy.Channel.Echo("text");

        Assert.That(Signer(node.Evidence.Single()), Is.EqualTo("CN=localhost"));
        Assert.That(Signer(service.Evidence.Single()), Is.EqualTo("CN=client.test"));
    }

    [Test]
    public async Task Header_WithATokenOfAProvider_CarriesIt()
    {
        var policy = TransitNode.ForNode with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.SignedEncrypted, Type = SecurityTokenType.Custom, Name = "Ticket" }] };
        var trust = new SecurityCredentials { Certificate = TestCertificates.Loopback, TrustDomains = SecuredService.DefaultCredentials.TrustDomains, CustomTokenHandlers = [new Tickets()] };
        var node = new TransitNode(policy, trust);
        var service = new SecuredService(Policies.Mutual) { OnTheWay = node.PassAsync };
        await using var host = await HttpService.StartAsync(service);
        var credentials = new SecurityCredentials { Certificate = TestCertificates.Client, PeerCertificates = [TestCertificates.Public(TestCertificates.Loopback)], TokenProvider = new Tickets() };
        var transit = new TransitSecurity { Added = policy, Credentials = credentials };
        using var proxy = Proxy.For(Http(transit), host.Address);

        Assert.That(await proxy.Channel.EchoAsync("text"), Is.EqualTo("text"));
        Assert.That(node.Evidence.Single().Tokens.OfType<CustomVerifiedToken>().Single().Name, Is.EqualTo("alice"));
        Assert.That(service.Evidence.Single().Tokens.OfType<CustomVerifiedToken>(), Is.Empty);
    }

    [Test]
    public async Task Header_OverAContractThatWantsEncryption_StillSignsAlone()
    {
        var (service, node) = Service();
        service.LevelOf = _ => ProtectionLevel.EncryptAndSign;
        await using var host = await HttpService.StartAsync(service);
        using var proxy = new Proxy<IHiddenEcho>(Http(Adding), new EndpointAddress(host.Address));

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        AssertBoth(service, node, 1);
    }

    private static (SecuredService Service, TransitNode Node) Service()
    {
        var node = new TransitNode();
        return (new SecuredService(Policies.Mutual) { OnTheWay = node.PassAsync }, node);
    }

    private static void AssertBoth(SecuredService service, TransitNode node, int count)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(service.Refusals, Is.Empty);
            Assert.That(service.Requests, Has.Count.EqualTo(count));
            Assert.That(node.HandedOn, Has.Count.EqualTo(count));
            Assert.That(service.Wire.Select(wire => System.Text.Encoding.UTF8.GetString(wire)), Has.All.Contains(TransitNode.Actor));
            Assert.That(node.HandedOn, Has.None.Contains(TransitNode.Actor));
            Assert.That(node.HandedOn, Has.None.Contains("sync").And.None.Contains("one way"));
        }
    }

    private static string? Signer(ProtectionEvidence evidence) => ((X509VerifiedToken)evidence.Signatures.Single().Token!).Certificate.Subject;

    private static SecurityFailure? Refusal(Action call)
    {
        var refusal = Assert.Throws<MessageSecurityException>(call);
        return (refusal.InnerException as WsSecurityException)?.Failure;
    }

    private static byte[] Change(byte[] octets) =>
        System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(octets).Replace("<s:Body", "<s:Body x=\"1\"", StringComparison.Ordinal));

    private static CustomBinding Http(TransitSecurity transit, TransferMode mode = TransferMode.Buffered) =>
        Proxy.Patient(new BasicHttpBinding { TransferMode = mode }).WithMessageSecurity(Policies.Mutual, transit: transit);

    private static CustomBinding Tcp(string encoding, TransferMode mode, TransitSecurity transit) =>
        Proxy.Patient(new CustomBinding(Encoding(encoding), new TcpTransportBindingElement { TransferMode = mode })).WithMessageSecurity(Policies.Mutual, transit: transit);

    private static MessageEncodingBindingElement Encoding(string encoding) => encoding switch
    {
        "Text11" => new TextMessageEncodingBindingElement(MessageVersion.Soap11, System.Text.Encoding.UTF8),
        "Text12" => new TextMessageEncodingBindingElement(MessageVersion.Soap12WSAddressing10, System.Text.Encoding.UTF8),
        _ => new BinaryMessageEncodingBindingElement(),
    };

    [ServiceContract(Namespace = Envelopes.Service, Name = "IEcho")]
    [MessageProtection(ProtectionLevel.EncryptAndSign)]
    public interface IHiddenEcho
    {
        [OperationContract]
        string Echo(string text);
    }

    private sealed class Tickets : ISecurityTokenProvider, ICustomTokenHandler
    {
        private const string ValueType = "urn:test:ticket";

        public string Name => "Ticket";

        public CustomTokenFormat Format => CustomTokenFormat.Binary(ValueType);

        public async ValueTask<SecurityTokenCredential?> GetTokenAsync(SupportingToken token, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return CustomTokenCredential.Binary(ValueType, "alice"u8.ToArray(), TimeProvider.System.GetUtcNow().AddHours(1));
        }

        public CustomTokenKey? ReadKey(CustomToken token) => null;

        public ValueTask<CustomTokenIdentity> ValidateAsync(CustomToken token, CancellationToken cancellationToken) =>
            ValueTask.FromResult(new CustomTokenIdentity { Name = System.Text.Encoding.UTF8.GetString(token.Octets.Span) });
    }
}
