using System.Buffers;
using System.Text;
using NUnit.Framework;
using WsSecurity.Interop.MitKrb5.Realm;

namespace WsSecurity.Interop.MitKrb5;

/// <summary>Whole exchanges of the engine, under tickets of the KDC.</summary>
[KerberosFixture]
public sealed class ExchangeTests
{
    [TestCaseSource(nameof(Policies))]
    public async Task Exchange_UnderATicket_ProtectsRequestAndReply(SecurityPolicy policy)
    {
        var parties = new Parties(policy);

        using var pending = await parties.ProtectAsync();
        using var request = await parties.Recipient.VerifyRequestAsync(parties.Wire, parties.Context);
        var reply = new ArrayBufferWriter<byte>();
        request.ProtectReply(Parties.Reply, parties.Context, reply);
        var verified = await pending.VerifyReplyAsync(reply.WrittenMemory, parties.Context);

        Assert.That(request.Message.Evidence.Tokens, Has.Exactly(1).InstanceOf<KerberosVerifiedToken>());
        Assert.That(request.Message.Evidence.Signatures[^1].Token, Is.InstanceOf<KerberosVerifiedToken>());
        Assert.That(request.Message.Principal.Identity!.Name, Is.EqualTo("alice@WSS.TEST"));
        Assert.That(Encoding.UTF8.GetString(verified.Envelope.ToArray()), Does.Contain("<pong"));
    }

    private static IEnumerable<TestCaseData> Policies
    {
        get
        {
            foreach (var derives in new[] { true, false })
            {
                foreach (var order in Enum.GetValues<MessageProtectionOrder>())
                {
                    yield return Case($"{order}, derived {derives}", SecurityPolicy.Kerberos with { MessageProtectionOrder = order, RequireDerivedKeys = derives });
                }

                var policy = SecurityPolicy.Kerberos with { RequireDerivedKeys = derives };
                yield return Case($"by SHA-1, derived {derives}", policy with { KeyReference = KeyReference.SubjectKeyIdentifier });
                yield return Case($"raw, derived {derives}", policy with { KerberosTokenForm = KerberosTokenForm.ApReq });
                yield return Case($"raw by SHA-1, derived {derives}", policy with { KerberosTokenForm = KerberosTokenForm.ApReq, KeyReference = KeyReference.SubjectKeyIdentifier });
                yield return Case($"token protected, derived {derives}", policy with { ProtectTokens = true, RequireSignatureConfirmation = true });
                yield return Case($"AES-128, derived {derives}", policy with { DefaultAlgorithmSuite = AlgorithmSuite.Basic128 });
                yield return Case($"strict, derived {derives}", policy with { SecurityHeaderLayout = SecurityHeaderLayout.Strict });
                yield return Case($"signed only, derived {derives}", policy with { ProtectionLevel = ProtectionLevel.Sign });
            }
        }
    }

    [TestCaseSource(nameof(Supporting))]
    public async Task Exchange_WithASupportingTicket_ProvesItsClient(SecurityPolicy policy, bool isTransportProtected)
    {
        var parties = new Parties(policy) { Context = new MessageContext { IsTransportProtected = isTransportProtected } };

        using var pending = await parties.ProtectAsync();
        using var request = await parties.Recipient.VerifyRequestAsync(parties.Wire, parties.Context);
        var reply = new ArrayBufferWriter<byte>();
        request.ProtectReply(Parties.Reply, parties.Context, reply);
        await pending.VerifyReplyAsync(reply.WrittenMemory, parties.Context);

        var ticket = request.Message.Evidence.Tokens.OfType<KerberosVerifiedToken>().Single();
        Assert.That((ticket.Name, ticket.TrustDomain), Is.EqualTo(("alice@WSS.TEST", "home")));
    }

    private static IEnumerable<TestCaseData> Supporting
    {
        get
        {
            foreach (var kind in Enum.GetValues<SupportingTokenKind>())
            {
                var token = new SupportingToken { Kind = kind, Type = SecurityTokenType.Kerberos };
                yield return new TestCaseData(SecurityPolicy.KerberosOverTransport with { SupportingTokens = [token] }, true).SetArgDisplayNames($"{kind} over transport");
                if (kind is SupportingTokenKind.Supporting or SupportingTokenKind.Signed)
                {
                    // In clear, and its key signs nothing: refused.
                    continue;
                }

                foreach (var order in Enum.GetValues<MessageProtectionOrder>())
                {
                    yield return new TestCaseData(SecurityPolicy.AnonymousForCertificate with { SupportingTokens = [token], MessageProtectionOrder = order }, false).SetArgDisplayNames($"{kind}, {order}");
                }
            }
        }
    }

    private static TestCaseData Case(string name, SecurityPolicy policy) => new TestCaseData(policy).SetArgDisplayNames(name);
}
