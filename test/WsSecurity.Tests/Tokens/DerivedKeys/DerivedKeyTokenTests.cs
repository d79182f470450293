using System.Text;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Algorithms;
using WsSecurity.Tests.Attacks;
using WsSecurity.Tokens.DerivedKeys;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Tokens.DerivedKeys;

public sealed class DerivedKeyTokenTests
{
    private const string Reference =
        "<o:SecurityTokenReference><o:Reference URI=\"#k\"/></o:SecurityTokenReference>";

    [TestCase("http://schemas.xmlsoap.org/ws/2005/02/sc")]
    [TestCase("http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512")]
    public void Read_WithoutOptions_TakesTheDefaults(string uri)
    {
        var token = Read($"{Reference}<c:Nonce>AAEC</c:Nonce>", uri);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((token.Offset, token.Length), Is.EqualTo((0, 32)));
            Assert.That(token.Seed, Is.EqualTo((byte[])[.. Encoding.UTF8.GetBytes(DerivedKeyToken.DefaultLabel), 0, 1, 2]));
        }
    }

    [Test]
    public void Read_Generation_CountsInLengths()
    {
        var token = Read($"{Reference}<c:Generation>2</c:Generation><c:Length>16</c:Length><c:Label>mine</c:Label><c:Nonce>AAEC</c:Nonce>");
        Assert.That((token.Offset, token.Length, Encoding.UTF8.GetString(token.Seed, 0, 4)), Is.EqualTo((32, 16, "mine")));
    }

    [TestCase("<c:Nonce>AAEC</c:Nonce>", TestName = "no reference")]
    [TestCase(Reference, TestName = "no nonce")]
    [TestCase(Reference + "<c:Nonce>!</c:Nonce>", TestName = "nonce is not Base64")]
    [TestCase(Reference + "<c:Length>0</c:Length><c:Nonce>AAEC</c:Nonce>", TestName = "length zero")]
    [TestCase(Reference + "<c:Length>-1</c:Length><c:Nonce>AAEC</c:Nonce>", TestName = "length negative")]
    [TestCase(Reference + "<c:Offset>1000000000</c:Offset><c:Nonce>AAEC</c:Nonce>", TestName = "offset out of bounds")]
    [TestCase(Reference + "<c:Generation>1</c:Generation><c:Offset>0</c:Offset><c:Nonce>AAEC</c:Nonce>", TestName = "generation and offset")]
    [TestCase(Reference + "<c:Generation>1000</c:Generation><c:Length>1000</c:Length><c:Nonce>AAEC</c:Nonce>", TestName = "generation out of bounds")]
    public void Read_Broken_FailsWithInvalidSecurityToken(string content) =>
        Assert.That(() => Read(content), Refused.With(SecurityFailure.InvalidSecurityToken));

    [Test]
    public void Read_OtherAlgorithm_FailsWithUnsupportedSecurityToken() =>
        Assert.That(() => Read($"{Reference}<c:Nonce>AAEC</c:Nonce>", attribute: " Algorithm=\"urn:other\""), Refused.With(SecurityFailure.UnsupportedSecurityToken));

    [Test]
    public void Verify_KeyUsedWithoutDerivation_FailsWithKeyNotDerived()
    {
        var direct = SecurityPolicy.AnonymousForCertificate with { RequireDerivedKeys = false };
        var parties = TestParties.Of(direct, SecurityPolicy.AnonymousForCertificate);
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.KeyNotDerived));
    }

    [TestCase(null, "http://schemas.xmlsoap.org/ws/2005/02/sc")]
    [TestCase(SecureConversationVersion.WSSecureConversationFeb2005, "http://schemas.xmlsoap.org/ws/2005/02/sc")]
    [TestCase(SecureConversationVersion.WSSecureConversation13, "http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512")]
    public void Protect_Version_IsTheNamespaceOfDerivedKeysBothWays(SecureConversationVersion? version, string uri)
    {
        // The service's own policy says the other one: its reply follows the request.
        var policy = SecurityPolicy.UserNameForCertificate with { SecureConversationVersion = version };
        var other = version == SecureConversationVersion.WSSecureConversation13 ? SecureConversationVersion.WSSecureConversationFeb2005 : SecureConversationVersion.WSSecureConversation13;
        var parties = TestParties.Of(policy, policy with { SecureConversationVersion = other });
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11));
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum/>"));

        Assert.That(() => pending.VerifyReply(reply, parties.Context), Throws.Nothing);
        foreach (var message in new[] { wire, reply })
        {
            XNamespace sc = uri;
            var tokens = Wire.Of(message).Security.Elements().Where(element => element.Name.LocalName == "DerivedKeyToken").ToList();
            Assert.That(tokens.ConvertAll(token => token.Name.Namespace), Has.Count.EqualTo(2).And.All.EqualTo(sc));
            Assert.That(Wire.Of(message).Envelope.Descendants(Wire.Wsse + "Reference").Attributes("ValueType").Select(type => type.Value), Has.All.EqualTo(uri + "/dk"));
        }
    }

    // WS-SecureConversation 1.3, section 7.4: the reference itself says how the key is derived.
    [TestCase("http://schemas.xmlsoap.org/ws/2005/02/sc", 32, null)]
    [TestCase("http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512", 24, "24")]
    public void Verify_ImpliedDerivedKey_IsADerivedKey(string uri, int length, string? stated)
    {
        var parties = TestParties.Of(SecurityPolicy.AnonymousForCertificate with { ProtectionLevel = ProtectionLevel.Sign, DefaultAlgorithmSuite = AlgorithmSuite.Basic192GCMSha256 });
        var request = Implied(uri, length, stated, new byte[16]);

        Assert.That(() => parties.Verify(request).Dispose(), Throws.Nothing);
    }

    [TestCase("0", "AAEC", SecurityFailure.InvalidSecurityToken)]
    [TestCase("x", "AAEC", SecurityFailure.InvalidSecurityToken)]
    [TestCase("100000", "AAEC", SecurityFailure.InvalidSecurityToken)]
    [TestCase("32", "no base64!", SecurityFailure.InvalidSecurityToken)]
    [TestCase("32", "", SecurityFailure.InvalidSecurityToken)]
    [TestCase("32", "AAEC", SecurityFailure.SignatureInvalid)]
    public void Verify_ImpliedDerivedKeyChanged_IsRefused(string length, string nonce, SecurityFailure failure)
    {
        const string uri = "http://schemas.xmlsoap.org/ws/2005/02/sc";
        var parties = TestParties.Of(SecurityPolicy.AnonymousForCertificate with { ProtectionLevel = ProtectionLevel.Sign });
        var request = Wire.Change(Implied(uri, 32, null, new byte[16]), wire =>
        {
            var reference = wire.Signature.Descendants(Wire.Wsse + "SecurityTokenReference").Single();
            reference.SetAttributeValue((XNamespace)uri + "Nonce", nonce);
            reference.SetAttributeValue((XNamespace)uri + "Length", length);
        });

        Assert.That(() => parties.Verify(request), Refused.With(failure));
    }

    private static byte[] Implied(string uri, int length, string? stated, byte[] nonce)
    {
        var secret = new byte[32];
        var (key, _) = Forgery.EncryptedKey(secret, TestKeys.Service);
        var derived = PSha1KeyDerivation.Derive(secret, [.. Encoding.UTF8.GetBytes(DerivedKeyToken.DefaultLabel), .. nonce], 0, length);
        return Forgery.Sign(
            Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + key),
            new HmacSignatureKey(derived),
            ["time", "body"],
            writer =>
            {
                writer.StartElement("wsse", "SecurityTokenReference");
                writer.NamespaceDeclaration("wsse", Wire.Wsse.NamespaceName);
                writer.NamespaceDeclaration("wsc", uri);
                writer.Attribute("wsc", "Nonce", Convert.ToBase64String(nonce));
                if (stated is not null)
                {
                    writer.Attribute("wsc", "Length", stated);
                }

                writer.StartElement("wsse", "Reference");
                writer.Attribute("", "URI", "#key");
                writer.EndElement();
                writer.EndElement();
            });
    }

    private static DerivedKeyToken Read(string content, string uri = "http://schemas.xmlsoap.org/ws/2005/02/sc", string attribute = "")
    {
        var xml = $"<c:DerivedKeyToken xmlns:c=\"{uri}\" xmlns:o=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd\"{attribute}>{content}</c:DerivedKeyToken>";
        using var index = XmlIndex.Scan(Encoding.UTF8.GetBytes(xml), ProcessingLimits.Default);
        return DerivedKeyToken.Read(index.Root);
    }
}
