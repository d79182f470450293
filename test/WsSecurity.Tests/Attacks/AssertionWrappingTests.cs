using System.Security.Claims;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Tests.Tokens.Saml;

namespace WsSecurity.Tests.Attacks;

/// <summary>
/// Signature wrapping of assertions, the eight patterns of "On Breaking SAML: Be Whoever You Want to Be" (Somorovsky et al., USENIX Security 2012) and what lies
/// between them: alice's signed assertion is moved to wherever nobody reads it, and one about mallory takes its place. Comments that cut a name in two follow
/// the advisory of Duo (2018, CVE-2017-11427).
/// </summary>
public sealed class AssertionWrappingTests
{
    private static readonly XNamespace Saml11 = "urn:oasis:names:tc:SAML:1.0:assertion";

    private static readonly SecurityPolicy[] Policies =
    [
        SecurityPolicy.IssuedTokenOverTransport,
        SamlTesting.With(SecurityPolicy.IssuedTokenOverTransport, SupportingTokenKind.Endorsing),
    ];

    // Where the original goes, relative to the forged one and its signature; null where the pattern needs what is not there.
    private static readonly Dictionary<string, Action<Wrapping>> Places = new()
    {
        ["XSW1, in Object of the forged one's signature"] = w => w.Signature.Add(new XElement(Wire.Ds + "Object", w.Original)),
        ["XSW2, beside the signature in the forged one"] = w => w.Signature.AddBeforeSelf(w.Original),
        ["XSW3, behind the forged one"] = w => w.Forged.AddAfterSelf(w.Original),
        ["XSW3, before the forged one"] = w => w.Forged.AddBeforeSelf(w.Original),
        ["XSW4, in the forged one"] = w => w.Forged.Add(w.Original),
        ["XSW5, at the end of the envelope's header"] = w => w.Wire.Header.Add(w.Original),
        ["XSW5, in the Body"] = w => w.Wire.Body.Add(w.Original),
        ["XSW6, in the signature itself"] = w => w.Signature.Add(w.Original),
        ["XSW6, in KeyInfo of the signature"] = w => w.Signature.Element(Wire.Ds + "KeyInfo")!.Add(w.Original),
        ["XSW7, in an extension"] = w => w.Wire.Header.AddFirst(new XElement("Extensions", w.Original)),
        ["XSW7, the forged one in an extension"] = w =>
        {
            w.Forged.ReplaceWith(w.Original);
            w.Wire.Header.AddFirst(new XElement("Extensions", w.Forged));
        },
        ["XSW8, in Object of an extension of the forged one"] = w => w.Forged.Add(new XElement(w.Forged.Name.Namespace + "Extensions", new XElement(Wire.Ds + "Object", w.Original))),
        ["in Advice"] = w => w.Forged.Add(new XElement(w.Forged.Name.Namespace + "Advice", w.Original)),
        ["in the Subject"] = w => w.Forged.Descendants(w.Forged.Name.Namespace + "Subject").First().Add(w.Original),
        ["in Conditions"] = w => w.Forged.Element(w.Forged.Name.Namespace + "Conditions")!.Add(w.Original),
        ["in an attribute's value"] = w => w.Forged.Descendants(w.Forged.Name.Namespace + "AttributeValue").First().Add(w.Original),
        ["in the message signature's reference"] = w => w.Wire.Security.Add(new XElement(Wire.Wsse + "SecurityTokenReference", new XElement(Wire.Wsse + "Embedded", w.Original))),
    };

    // How the forged one is named.
    private static readonly Dictionary<string, Action<XElement, string>> Names = new()
    {
        ["the same Id"] = (_, _) => { },
        ["an Id of its own"] = (forged, _) => IdOf(forged).Value = "_forged",
        ["no Id"] = (forged, _) => IdOf(forged).Remove(),
        ["the Id as wsu:Id"] = (forged, id) =>
        {
            IdOf(forged).Value = "_forged";
            forged.SetAttributeValue(Wire.Wsu + "Id", id);
        },
        ["the Id of the other version"] = (forged, id) =>
        {
            IdOf(forged).Value = "_forged";
            forged.SetAttributeValue(forged.Name.Namespace == Saml11 ? "ID" : "AssertionID", id);
        },
        ["the Id as xml:id"] = (forged, id) =>
        {
            IdOf(forged).Value = "_forged";
            forged.SetAttributeValue(XNamespace.Xml + "id", id);
        },
    };

    private static IEnumerable<TestCaseData> Patterns() =>
        from place in Places.Keys
        from version in Enum.GetValues<SamlVersion>()
        select new TestCaseData(place, version);

    [TestCaseSource(nameof(Patterns))]
    public void Verify_WrappedAssertion_NeverNamesWhomNobodySigned(string place, SamlVersion version)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var policy in Policies)
            {
                foreach (var (name, rename) in Names)
                {
                    foreach (var keepsSignature in new[] { true, false })
                    {
                        Attack(policy, version, Places[place], rename, keepsSignature, $"{name}, {(keepsSignature ? "signature in both" : "signature in the forged one")}");
                    }
                }
            }
        }
    }

    [TestCase(SamlVersion.Saml20)]
    [TestCase(SamlVersion.Saml11)]
    public void Verify_CommentThatCutsTheName_ReadsTheWholeName(SamlVersion version)
    {
        var parties = SamlTesting.Parties(Policies[0], Issue(version, Policies[0], "admin.mallory.example"));
        var wire = Wire.Change(parties.Protect(), message =>
        {
            var name = Assertion(message).Descendants().First(element => element.Value == "admin.mallory.example" && !element.HasElements);
            name.ReplaceNodes(new XText("admin"), new XComment(""), new XText(".mallory.example"));
        });
        using var request = parties.Verify(wire);
        Assert.That(request.Message.Evidence.Tokens.OfType<SamlVerifiedToken>().Single().Name, Is.EqualTo("admin.mallory.example"));
    }

    // The digest does not show a comment; a CDATA section it shows as the text that it is.
    [Test]
    public void Verify_SectionInTheName_ReadsTheWholeName()
    {
        var parties = SamlTesting.Parties(Policies[0], Issue(SamlVersion.Saml20, Policies[0], "admin.mallory.example"));
        var wire = Wire.Change(parties.Protect(), message => Assertion(message).Descendants(SamlTesting.Saml2 + "NameID").Single().ReplaceNodes(new XText("admin"), new XCData(".mallory.example")));
        using var request = parties.Verify(wire);
        Assert.That(request.Message.Evidence.Tokens.Single().Name, Is.EqualTo("admin.mallory.example"));
    }

    private static void Attack(SecurityPolicy policy, SamlVersion version, Action<Wrapping> place, Action<XElement, string> rename, bool keepsSignature, string name)
    {
        var parties = SamlTesting.Parties(policy, Issue(version, policy, "alice"));
        var wire = Wire.Change(parties.Protect(), message =>
        {
            var stands = Assertion(message);
            var original = new XElement(stands);
            var forged = new XElement(stands);
            foreach (var value in forged.DescendantNodes().OfType<XText>().Where(text => text.Value is "alice" or "clerk"))
            {
                value.Value = value.Value == "alice" ? "mallory" : "admin";
            }

            rename(forged, IdOf(original).Value);
            if (!keepsSignature)
            {
                original.Element(Wire.Ds + "Signature")!.Remove();
            }

            stands.ReplaceWith(forged);
            place(new Wrapping(message, Assertion(message), original, Assertion(message).Element(Wire.Ds + "Signature")!));
        });
        try
        {
            using var request = parties.Verify(wire);
            var token = request.Message.Evidence.Tokens.OfType<SamlVerifiedToken>().Single();
            Assert.That((token.Name, token.Identity.HasClaim(ClaimTypes.Role, "clerk")), Is.EqualTo(("alice", true)), name);
        }
        catch (WsSecurityException)
        {
            // Refused, for whichever of its faults was met first.
        }
    }

    private static SamlAssertionCredential Issue(SamlVersion version, SecurityPolicy policy, string subject) => SamlTesting.Issue(
        (policy == Policies[0] ? SamlTesting.Bearer : SamlTesting.HolderOfKey) with { Version = version, Subject = subject, Claims = [new Claim(ClaimTypes.Role, "clerk")] });

    private static XElement Assertion(Wire wire) => wire.Security.Elements().First(element => element.Name.LocalName == "Assertion");

    private static XAttribute IdOf(XElement assertion) => assertion.Attribute(assertion.Name.Namespace == Saml11 ? "AssertionID" : "ID")!;

    private sealed record Wrapping(Wire Wire, XElement Forged, XElement Original, XElement Signature);
}
