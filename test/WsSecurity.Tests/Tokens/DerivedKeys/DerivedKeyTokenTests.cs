using System.Text;
using NUnit.Framework;
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

    private static DerivedKeyToken Read(string content, string uri = "http://schemas.xmlsoap.org/ws/2005/02/sc", string attribute = "")
    {
        var xml = $"<c:DerivedKeyToken xmlns:c=\"{uri}\" xmlns:o=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd\"{attribute}>{content}</c:DerivedKeyToken>";
        using var index = XmlIndex.Scan(Encoding.UTF8.GetBytes(xml), ProcessingLimits.Default);
        return DerivedKeyToken.Read(index.Root);
    }
}
