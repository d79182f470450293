using System.Buffers;
using System.Text;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Exchanges;

/// <summary>Headers and inner elements that a policy names, in every order of protection.</summary>
public sealed class PartsTests
{
    private static readonly QualifiedName Tenant = new("urn:tenant", "Tenant");
    private static readonly QualifiedName Card = new("urn:calc", "card");

    private const string Headers = Presets.Headers + "<t:Tenant xmlns:t=\"urn:tenant\" s:mustUnderstand=\"1\">blue</t:Tenant>";
    private const string Body = "<c:pay xmlns:c=\"urn:calc\"><c:card number=\"1\">4711</c:card><c:sum>5</c:sum><c:card><c:card>0815</c:card></c:card></c:pay>";

    private static readonly Dictionary<string, (MessageParts? Signed, MessageParts Encrypted)> Parts = new()
    {
        ["header and Body"] = (null, new MessageParts { Body = true, Headers = [Tenant] }),
        ["header alone"] = (null, new MessageParts { Headers = [Tenant] }),
        ["elements"] = (null, new MessageParts { Elements = [Card] }),
        ["elements that are signed themselves"] = (new MessageParts { Elements = [Card] }, new MessageParts { Elements = [Card] }),
        ["addressing"] = (null, new MessageParts { Headers = [new QualifiedName("http://www.w3.org/2005/08/addressing", "ReplyTo")] }),
    };

    private static IEnumerable<TestCaseData> Cases =>
        from preset in Presets.OfMessages
        where preset != "CertificateSignature"
        from order in Enum.GetValues<MessageProtectionOrder>()
        from parts in Parts.Keys
        where !(order == MessageProtectionOrder.EncryptBeforeSign && parts == "elements that are signed themselves")
        select new TestCaseData(preset, order, parts);

    [TestCaseSource(nameof(Cases))]
    public void Exchange_NamedParts_AreHiddenAndHandedOn(string preset, MessageProtectionOrder order, string parts)
    {
        var (signed, encrypted) = Parts[parts];
        var parties = Presets.Parties(Presets.ByName[preset] with { MessageProtectionOrder = order, SignedParts = signed is null ? null : (ProtectedParts)signed, EncryptedParts = encrypted });
        var (wire, _) = parties.Protect(TestParties.Envelope(Body, Headers));
        var text = Encoding.UTF8.GetString(wire);
        using var request = parties.Verify(wire);
        var received = Encoding.UTF8.GetString(request.Message.Envelope.ToArray());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text.Contains(">blue<", StringComparison.Ordinal), Is.EqualTo(!encrypted.Headers.Contains(Tenant)));
            Assert.That(text.Contains(">4711<", StringComparison.Ordinal), Is.EqualTo(!encrypted.Body && encrypted.Elements.Count == 0));
            Assert.That(received, Does.Contain(">blue<").And.Contain(">4711<").And.Contain(">0815<"));
            Assert.That(received, Does.Not.Contain("EncryptedData").And.Not.Contain("EncryptedHeader"));
            Assert.That(request.Message.Evidence.EncryptedParts, Is.Not.Empty);
        }
    }

    [Test]
    public void ProtectRequest_ElementEncryptedAndThenSignedOnItsOwn_Throws()
    {
        foreach (var encrypted in new[] { new MessageParts { Elements = [Card] }, new MessageParts { Body = true } })
        {
            var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex with
            {
                MessageProtectionOrder = MessageProtectionOrder.EncryptBeforeSign,
                SignedParts = new MessageParts { Elements = [Card] },
                EncryptedParts = encrypted,
            });
            Assert.That(() => parties.Protect(Body), Throws.InvalidOperationException.With.Message.Contains("sign"));
        }
    }

    [Test]
    public void VerifyRequest_ManySmallSignedAndEncryptedElements_AreEachInPlace()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex with
        {
            MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt,
            SignedParts = new MessageParts { Elements = [Card] },
            EncryptedParts = new MessageParts { Elements = [Card] },
        });
        var body = "<c:pay xmlns:c=\"urn:calc\">" + string.Concat(Enumerable.Range(0, 50).Select(i => $"<c:card>{new string('x', i)}</c:card>\n")) + "</c:pay>";
        using var request = parties.Verify(parties.Protect(body));
        Assert.That(request.Message.Evidence.Signatures.Single().Parts.Count(part => part.Path.EndsWith("card", StringComparison.Ordinal)), Is.EqualTo(50));
    }
}
