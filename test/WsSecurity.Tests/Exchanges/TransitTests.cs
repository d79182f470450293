using System.Buffers;
using System.Text;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Exchanges;

/// <summary>A header for a gateway beside the one for the service: what the gateway can verify, what it must not change, and what the service still catches.</summary>
public sealed class TransitTests
{
    private const string Gateway = "urn:gateway";
    private const string Soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
    private const string Soap12 = "http://www.w3.org/2003/05/soap-envelope";

    private static readonly SecurityPolicy ForGateway = SecurityPolicy.CertificateSignature with { Actor = Gateway };

    private static readonly SecurityCredentials GatewayTrust = new() { TrustDomains = [new TrustDomain { Name = "callers", Anchors = [TestKeys.Ca] }] };

    private static IEnumerable<string> EndToEnd => Presets.OfMessages;

    [TestCaseSource(nameof(EndToEnd))]
    public async Task Message_ForGatewayAndService_ReachesServiceOctetByOctet(string preset)
    {
        foreach (var order in Enum.GetValues<MessageProtectionOrder>())
        {
            var parties = Presets.Parties(Presets.ByName[preset] with { MessageProtectionOrder = order });
            var (sent, reply) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
            reply.Dispose();
            var wire = Add(parties, sent);

            var transit = await Recipient(parties).VerifyAsync(wire, MessageContext.Empty);

            using (Assert.EnterMultipleScope())
            {
                Assert.That(transit.Message.Envelope.ToArray(), Is.EqualTo(sent));
                Assert.That(transit.Message.Principal.Identity!.Name, Is.EqualTo(TestKeys.Client.Subject));
                Assert.That(transit.Message.IsBodySigned, Is.True);
                Assert.That(transit.Message.Evidence.Signatures.Single().Parts.Select(part => part.Path), Has.Some.EndsWith("/Body"));
            }

            using var request = parties.Verify(transit.Message.Envelope.ToArray());
            Assert.That(Encoding.UTF8.GetString(request.Message.Envelope.ToArray()), Does.Contain("<add"));
        }
    }

    [Test]
    public void Service_HeaderForGatewayStillThere_IgnoresIt()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex);
        using var request = parties.Verify(Add(parties, parties.Protect()));
        Assert.That(Encoding.UTF8.GetString(request.Message.Envelope.ToArray()), Does.Contain("<add").And.Contain(Gateway));
    }

    [TestCase(Soap11)]
    [TestCase(Soap12)]
    public async Task Envelope_WithoutHeader_GetsOne(string soap)
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex);
        foreach (var header in new[] { "", "<s:Header/>", "<s:Header></s:Header>", "<s:Header> <!-- note --> </s:Header>" })
        {
            var plain = Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding='UTF-8'?>\n<!-- before --><s:Envelope xmlns:s='{soap}' >{header} <s:Body  xmlns:u='{Wire.Wsu}' u:Id='b'\n>\r\n<x a='1'/></s:Body> </s:Envelope>\n<!-- after -->");
            var wire = Add(parties, plain);
            var transit = await Recipient(parties).VerifyAsync(wire, MessageContext.Empty);
            var expected = Encoding.UTF8.GetString(plain);
            expected = header switch
            {
                "" => expected.Replace(" <s:Body", "<s:Header></s:Header> <s:Body", StringComparison.Ordinal),
                "<s:Header/>" => expected.Replace(header, "<s:Header></s:Header>", StringComparison.Ordinal),
                _ => expected,
            };
            Assert.That(Encoding.UTF8.GetString(transit.Message.Envelope.ToArray()), Is.EqualTo(expected), header);
        }
    }

    [Test]
    public async Task Part_WithoutId_GetsOneAndNothingElseChanges()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex);
        var plain = TestParties.Envelope("<x wsu:a='1' xmlns:wsu='urn:other'/>", "<a:Action>urn:add</a:Action>\n<t xmlns='urn:tenant'/>");
        var transit = await Recipient(parties).VerifyAsync(Add(parties, plain), MessageContext.Empty);
        var text = Encoding.UTF8.GetString(transit.Message.Envelope.ToArray());
        Assert.That(
            System.Text.RegularExpressions.Regex.Replace(text, " xmlns:wsu1?=\"[^\"]*utility-1.0.xsd\" wsu1?:Id=\"[^\"]*\"", string.Empty),
            Is.EqualTo(Encoding.UTF8.GetString(plain)));
    }

    [Test]
    public void Part_WithIdOfAnotherKind_IsNotGivenASecond()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex);
        var plain = Encoding.UTF8.GetBytes($"<s:Envelope xmlns:s='{Soap11}'><s:Body Id='b'><x/></s:Body></s:Envelope>");
        Assert.That(() => Add(parties, plain), Throws.InvalidOperationException.With.Message.Contains("Body"));
    }

    [Test]
    public async Task Envelope_InUtf16_IsHandedOnInUtf8()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex);
        var wire = "<?xml version=\"1.0\" encoding=\"utf-16\"?>" + Encoding.UTF8.GetString(Add(parties, parties.Protect()));
        var transit = await Recipient(parties).VerifyAsync(Encoding.Unicode.GetBytes(wire), MessageContext.Empty);
        using var request = parties.Verify(transit.Message.Envelope.ToArray());
        Assert.That(request.Message.IsBodySigned, Is.True);
    }

    [Test]
    public void Gateway_BodyChangedBeforeIt_Refuses()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex);
        var wire = Wire.Change(Add(parties, parties.Protect()), message => message.Body.Descendants(Wire.Xenc + "CipherValue").Single().Value = "AAAA");
        Assert.That(async () => await Recipient(parties).VerifyAsync(wire, MessageContext.Empty), Refused.With(SecurityFailure.DigestMismatch));
    }

    [Test]
    public async Task Service_BodyChangedByTheGateway_Refuses()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex with { ProtectionLevel = ProtectionLevel.Sign });
        var transit = await Recipient(parties).VerifyAsync(Add(parties, parties.Protect()), MessageContext.Empty);
        var text = Encoding.UTF8.GetString(transit.Message.Envelope.ToArray());
        Assert.That(() => parties.Verify(Encoding.UTF8.GetBytes(text.Replace("<a>1</a>", "<a>9</a>", StringComparison.Ordinal))), Refused.With(SecurityFailure.DigestMismatch));
    }

    [Test]
    public void Gateway_HeaderMissing_Refuses()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex);
        var wire = parties.Protect();
        Assert.That(async () => await Recipient(parties).VerifyAsync(wire, MessageContext.Empty), Refused.With(SecurityFailure.SecurityHeaderMissing));
    }

    [Test]
    public void Gateway_HeaderSignedByAStranger_Refuses()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex);
        parties.ClientCredentials = new SecurityCredentials { Certificate = TestKeys.Stranger };
        var wire = Add(parties, TestParties.Envelope(TestParties.Body11));
        Assert.That(async () => await Recipient(parties).VerifyAsync(wire, MessageContext.Empty), Refused.With(SecurityFailure.CertificateNotTrusted));
    }

    [Test]
    public async Task Gateway_SameMessageTwice_RefusesUnlessReleased()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex);
        var wire = Add(parties, parties.Protect());
        var gateway = Recipient(parties);
        await (await gateway.VerifyAsync(wire, MessageContext.Empty)).ReleaseAsync();
        await (await gateway.VerifyAsync(wire, MessageContext.Empty)).CompleteAsync();
        Assert.That(async () => await gateway.VerifyAsync(wire, MessageContext.Empty), Refused.With(SecurityFailure.MessageReplayed));
    }

    [Test]
    public void Gateway_BodyEncryptedForIt_Refuses()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex with { Actor = Gateway });
        var gateway = new TransitRecipient(ForGateway with { DefaultAlgorithmSuite = parties.ServicePolicy.DefaultAlgorithmSuite }, GatewayTrust with { Certificate = TestKeys.Service }, parties.Services);
        var wire = parties.Protect();
        Assert.That(async () => await gateway.VerifyAsync(wire, MessageContext.Empty), Refused.With(SecurityFailure.EncryptedForTransit));
    }

    [Test]
    public async Task Token_EncryptedForTheGateway_IsRead()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex);
        var policy = ForGateway with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.SignedEncrypted, Type = SecurityTokenType.Username }] };
        var gateway = new TransitRecipient(policy, GatewayTrust with { Certificate = TestKeys.Service, UsernameTokenValidator = new TestParties.Validator() }, parties.Services);
        var sent = parties.Protect();
        var output = new ArrayBufferWriter<byte>();
        new TransitInitiator(policy, parties.ClientCredentials, parties.Services).Protect(sent, MessageContext.Empty, output);

        var transit = await gateway.VerifyAsync(output.WrittenMemory, MessageContext.Empty);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Encoding.UTF8.GetString(output.WrittenSpan), Does.Not.Contain("wonderland").And.Not.Contain("alice"));
            Assert.That(transit.Message.Envelope.ToArray(), Is.EqualTo(sent));
            Assert.That(transit.Message.Principal.Identities.Select(identity => identity.Name), Does.Contain("alice"));
        }
    }

    [Test]
    public void Protect_HeaderForTheSameActor_Throws()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex);
        var wire = Add(parties, parties.Protect());
        Assert.That(() => Add(parties, wire), Refused.With(SecurityFailure.DuplicateSecurityHeader));
    }

    [Test]
    public void Roles_PolicyThatChangesTheMessage_AreNotCreated()
    {
        var card = new MessageParts { Elements = [new QualifiedName("urn:calc", "card")] };
        SecurityPolicy[] policies =
        [
            SecurityPolicy.MutualCertificateDuplex,
            SecurityPolicy.MutualCertificate with { ProtectionLevel = ProtectionLevel.Sign },
            SecurityPolicy.AnonymousForCertificate,
            SecurityPolicy.MutualCertificateDuplex with { ProtectionLevel = ProtectionLevel.Sign, EncryptedParts = card },
            SecurityPolicy.MutualCertificateDuplex with { ProtectionLevel = ProtectionLevel.Sign, EncryptedParts = new ProtectedParts { Operations = new Dictionary<string, MessageParts> { ["urn:add"] = card } } },
        ];
        var credentials = GatewayTrust with { Certificate = TestKeys.Service, PeerCertificates = [TestKeys.Public(TestKeys.Client)] };
        foreach (var policy in policies)
        {
            Assert.That(() => new TransitRecipient(policy, credentials), Throws.ArgumentException, policy.AuthenticationMode.ToString());
            Assert.That(() => new TransitInitiator(policy, credentials), Throws.ArgumentException, policy.AuthenticationMode.ToString());
        }
    }

    [Test]
    public void Protect_OperationToBeEncrypted_Throws()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex);
        var initiator = new TransitInitiator(SecurityPolicy.MutualCertificateDuplex with { ProtectionLevel = ProtectionLevel.Sign }, parties.ClientCredentials, parties.Services);
        Assert.That(
            () => initiator.Protect(TestParties.Envelope(TestParties.Body11), new MessageContext { ProtectionLevel = ProtectionLevel.EncryptAndSign }, new ArrayBufferWriter<byte>()),
            Throws.InvalidOperationException);
    }

    private static byte[] Add(TestParties parties, byte[] envelope)
    {
        var output = new ArrayBufferWriter<byte>();
        new TransitInitiator(ForGateway, parties.ClientCredentials, parties.Services).Protect(envelope, MessageContext.Empty, output);
        return output.WrittenSpan.ToArray();
    }

    private static TransitRecipient Recipient(TestParties parties) => new(ForGateway, GatewayTrust, parties.Services);
}
