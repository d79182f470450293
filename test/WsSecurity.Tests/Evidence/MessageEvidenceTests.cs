using System.Buffers;
using System.Text;
using NUnit.Framework;
using WsSecurity.Evidence;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Evidence;

/// <summary>What the roles hand to a trail, when, and what they do without it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MessageEvidenceTests
{
    private readonly MemoryEvidenceStore _store = new();

    [TestCase("MutualCertificateDuplex")]
    [TestCase("MutualCertificate")]
    [TestCase("UserNameForCertificate")]
    [TestCase("CertificateSignature")]
    public async Task Exchange_ServedAndAnswered_KeepsExactlyWhatWasOnTheWire(string preset)
    {
        using var trail = EvidenceTrail.Open(_store, Trails.Options);
        var parties = Parties(trail, Presets.ByName[preset] with { RequireSignatureConfirmation = true });
        var wire = parties.Protect(headers: Presets.Headers);
        using var request = await parties.Recipient.VerifyRequestAsync(wire, parties.Context);
        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum/>", "<a:RelatesTo>urn:uuid:1</a:RelatesTo>"));
        var records = Messages();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(records.Select(record => record.Direction), Is.EqualTo(new EvidenceDirection?[] { EvidenceDirection.RequestReceived, EvidenceDirection.ReplySent }));
            Assert.That(records[0].Content.ToArray(), Is.EqualTo(wire));
            Assert.That(records[1].Content.ToArray(), Is.EqualTo(reply));
            Assert.That(records[1].Exchange, Is.EqualTo(records[0].Exchange));
            Assert.That(records[0].Sequence, Is.EqualTo(request.Message.EvidenceSequence));
            Assert.That(records[0].Tokens, Is.EqualTo(request.Message.Evidence.Tokens.Select(token => token.Name)));
            Assert.That(records[0].Action, Is.EqualTo("urn:calc/add"));
            Assert.That(records[0].Endpoint, Is.EqualTo("calc"));
            Assert.That(records[0].MessageTime, Is.EqualTo(TestKeys.Now));
            Assert.That(Trails.Verify(_store.Entries).IsAccepted);
        }
    }

    [Test]
    public void Record_OfASignedRequest_HoldsThePathUpToTheAnchor()
    {
        using var trail = EvidenceTrail.Open(_store, Trails.Options);
        var parties = Parties(trail, SecurityPolicy.CertificateSignature);
        parties.Verify(parties.Protect()).Dispose();
        Assert.That(Messages()[0].Certificates.Select(certificate => certificate.Subject), Is.EqualTo(new[] { TestKeys.Client.Subject, TestKeys.Ca.Subject }));
        Assert.That(Encoding.UTF8.GetString(Messages()[0].Header.Span), Does.Contain("rsa-sha256").And.Contain("/Envelope/Body").And.Contain("\"trustDomain\":\"tests\""));
    }

    [Test]
    public async Task Exchange_OfAClient_KeepsRequestAndReply()
    {
        using var trail = EvidenceTrail.Open(_store, Trails.Options);
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true });
        var recording = new EvidenceRecording { Trail = trail };
        var initiator = new Initiator(parties.ClientPolicy, parties.ClientCredentials, parties.Services with { Evidence = recording });
        var output = new ArrayBufferWriter<byte>();
        using var pending = initiator.ProtectRequest(TestParties.Envelope(TestParties.Body11), MessageContext.Empty, output);
        using var request = parties.Verify(output.WrittenMemory.ToArray());
        var wire = parties.ProtectReply(request, TestParties.Envelope("<sum/>"));
        var reply = await pending.VerifyReplyAsync(wire, MessageContext.Empty);
        var records = Messages();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(records.Select(record => record.Direction), Is.EqualTo(new EvidenceDirection?[] { EvidenceDirection.RequestSent, EvidenceDirection.ReplyReceived }));
            Assert.That(records[0].Content.ToArray(), Is.EqualTo(output.WrittenSpan.ToArray()));
            Assert.That(records[1].Content.ToArray(), Is.EqualTo(wire));
            Assert.That(records[1].Exchange, Is.EqualTo(records[0].Exchange));
            Assert.That(reply.EvidenceSequence, Is.EqualTo(records[1].Sequence));
        }
    }

    [Test]
    public async Task VerifyRequest_StoreStillWriting_DoesNotHandOn()
    {
        using var trail = EvidenceTrail.Open(_store, Trails.Options);
        var parties = Parties(trail, SecurityPolicy.CertificateSignature);
        var wire = parties.Protect();
        _store.Gate.Reset();
        var verification = parties.Recipient.VerifyRequestAsync(wire, parties.Context).AsTask();
        Assert.That(verification.IsCompleted, Is.False);
        _store.Gate.Set();
        (await verification).Dispose();
        Assert.That(Messages(), Has.Count.EqualTo(1));
    }

    [Test]
    public void VerifyRequest_StoreDown_RefusesAndLetsItComeAgain()
    {
        using var trail = EvidenceTrail.Open(_store, Trails.Options);
        var parties = Parties(trail, SecurityPolicy.CertificateSignature);
        var wire = parties.Protect();
        _store.Failure = new IOException("down");
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.EvidenceUnavailable));
        _store.Failure = null;
        Assert.That(() => parties.Verify(wire).Dispose(), Throws.Nothing);
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.MessageReplayed));
        Assert.That(Messages(), Has.Count.EqualTo(1));
    }

    [Test]
    public void VerifyRequest_StoreDownAndNotRequired_HandsOn()
    {
        using var trail = EvidenceTrail.Open(_store, Trails.Options);
        var parties = Parties(trail, SecurityPolicy.CertificateSignature, recording => recording with { IsRequired = false });
        var wire = parties.Protect();
        _store.Failure = new IOException("down");
        using var request = parties.Verify(wire);
        Assert.That(request.Message.EvidenceSequence, Is.Null);
    }

    [Test]
    public void ProtectReply_StoreDown_WritesNothing()
    {
        using var trail = EvidenceTrail.Open(_store, Trails.Options);
        var parties = Parties(trail, SecurityPolicy.CertificateSignature);
        using var request = parties.Verify(parties.Protect());
        _store.Failure = new IOException("down");
        var output = new ArrayBufferWriter<byte>();
        Assert.That(() => request.ProtectReply(TestParties.Envelope("<sum/>"), parties.Context, output), Refused.With(SecurityFailure.EvidenceUnavailable));
        Assert.That(output.WrittenCount, Is.Zero);
    }

    [Test]
    public void ProtectReply_SentNotKept_AppendsNothing()
    {
        using var trail = EvidenceTrail.Open(_store, Trails.Options);
        var parties = Parties(trail, SecurityPolicy.CertificateSignature, recording => recording with { KeepsSent = false });
        using var request = parties.Verify(parties.Protect());
        parties.ProtectReply(request, TestParties.Envelope("<sum/>"));
        Assert.That(Messages(), Has.Count.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void VerifyRequest_Refused_IsKeptWhereTheHostAsks(bool keepsRefused)
    {
        using var trail = EvidenceTrail.Open(_store, Trails.Options);
        var parties = Parties(trail, SecurityPolicy.CertificateSignature, recording => recording with { KeepsRefused = keepsRefused });
        var wire = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(parties.Protect()).Replace("<a>1</a>", "<a>7</a>", StringComparison.Ordinal));
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.DigestMismatch));
        Assert.That(Messages(), Has.Count.EqualTo(keepsRefused ? 1 : 0));
        if (keepsRefused)
        {
            Assert.That(Messages()[0].Failure, Is.EqualTo("DigestMismatch"));
            Assert.That(Messages()[0].Content.ToArray(), Is.EqualTo(wire));
        }
    }

    [Test]
    public void Record_OfAnEncryptedRequest_HoldsNoPlaintextAndNoPassword()
    {
        using var trail = EvidenceTrail.Open(_store, Trails.Options);
        var parties = Parties(trail, SecurityPolicy.UserNameForCertificate);
        parties.Verify(parties.Protect("<secret>of the Body</secret>")).Dispose();
        Assert.That(Kept(), Does.Not.Contain("of the Body").And.Not.Contain("wonderland"));
    }

    [TestCase(PasswordType.Text)]
    [TestCase(PasswordType.Digest)]
    public void Record_OfAPasswordOverTransport_IsKeptWithoutIt(PasswordType type)
    {
        using var trail = EvidenceTrail.Open(_store, Trails.Options);
        var policy = SecurityPolicy.UserNameOverTransport with
        {
            SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Username, PasswordType = type }],
        };
        var parties = Parties(trail, policy);
        var wire = Encoding.UTF8.GetString(parties.Protect());
        var password = wire.Split("Password Type=")[1].Split('>')[1].Split('<')[0];
        parties.Verify(Encoding.UTF8.GetBytes(wire)).Dispose();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(password, Is.Not.Empty);
            Assert.That(Encoding.UTF8.GetString(Messages()[0].Content.Span), Is.EqualTo(wire.Replace(password, "", StringComparison.Ordinal)));
            Assert.That(Messages()[0].Withheld, Is.EqualTo("passwords"));
            Assert.That(Kept(), Does.Not.Contain(password));
        }
    }

    [Test]
    public void Record_OfAPasswordInUtf16_IsKeptWithoutIt()
    {
        using var trail = EvidenceTrail.Open(_store, Trails.Options);
        var parties = Parties(trail, SecurityPolicy.UserNameOverTransport);
        var wire = Encoding.Unicode.GetBytes('\uFEFF' + Encoding.UTF8.GetString(parties.Protect()));
        parties.Verify(wire).Dispose();
        Assert.That(Encoding.UTF8.GetString(Messages()[0].Content.Span), Does.Contain("Password").And.Not.Contain("wonderland"));
    }

    [Test]
    public void Record_OfWhatIsNoXmlAndNamesAPassword_HoldsNothingOfIt()
    {
        using var trail = EvidenceTrail.Open(_store, Trails.Options);
        var parties = Parties(trail, SecurityPolicy.UserNameOverTransport, recording => recording with { KeepsRefused = true });
        Assert.That(() => parties.Verify(parties.Protect()[..^1]), Refused.With(SecurityFailure.MalformedXml));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Messages()[0].Withheld, Is.EqualTo("everything"));
            Assert.That(Messages()[0].Content.Length, Is.Zero);
            Assert.That(Kept(), Does.Not.Contain("wonderland"));
        }
    }

    [Test]
    public void Verify_WithTheRole_ProvesRequestsAnew()
    {
        using var trail = EvidenceTrail.Open(_store, Trails.Options);
        var parties = Parties(trail, SecurityPolicy.MutualCertificateDuplex);
        for (var i = 0; i < 3; i++)
        {
            using var request = parties.Verify(parties.Protect());
            parties.ProtectReply(request, TestParties.Envelope("<sum/>"));
        }

        var report = Prove(parties, parties.ServiceCredentials);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.IsAccepted, report.Reason);
            Assert.That(report.MessagesProven, Is.EqualTo(3));
            Assert.That(report.Notes, Has.Some.Contains("3 messages were not proven anew: they are our own"));
        }
    }

    [Test]
    public void Verify_RoleThatTrustsOthers_SaysThatTheMessageDoesNotProve()
    {
        using var trail = EvidenceTrail.Open(_store, Trails.Options);
        var parties = Parties(trail, SecurityPolicy.MutualCertificateDuplex);
        parties.Verify(parties.Protect()).Dispose();
        var report = Prove(parties, parties.ServiceCredentials with { TrustDomains = [new TrustDomain { Name = "others", Anchors = [TestKeys.OtherCa] }] });
        Assert.That(report, Has.Property(nameof(report.Failure)).EqualTo(EvidenceFailure.MessageNotProven).And.Property(nameof(report.Sequence)).EqualTo(2));
    }

    private static TestParties Parties(EvidenceTrail trail, SecurityPolicy policy, Func<EvidenceRecording, EvidenceRecording>? change = null)
    {
        var parties = Presets.Parties(policy);
        var recording = new EvidenceRecording { Trail = trail, Endpoint = "calc" };

        // The client of the same test keeps nothing.
        _ = parties.Initiator;
        parties.Services = parties.Services with { Evidence = change?.Invoke(recording) ?? recording };
        return parties;
    }

    private EvidenceReport Prove(TestParties parties, SecurityCredentials credentials) => new EvidenceVerifier(new EvidenceVerifierOptions
    {
        Trusted = [TestKeys.Public(TestKeys.Service)],
        Recipients = (endpoint, time) => new Recipient(
            parties.ServicePolicy with { DetectReplays = false },
            credentials,
            new SecurityServices { TimeProvider = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(time) }),
    }).Verify(_store.Entries);

    private List<EvidenceRecord> Messages() => [.. _store.Entries.Select(EvidenceRecord.Read).Where(record => record.Kind == "Message")];

    private string Kept() => string.Concat(_store.Entries.Select(entry => Encoding.UTF8.GetString(entry.Header.Span) + Encoding.UTF8.GetString(entry.Content.Span)));
}
