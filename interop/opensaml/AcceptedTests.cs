using System.Security.Claims;
using System.Text;

namespace WsSecurity.Interop.OpenSaml;

/// <summary>What OpenSAML signs we accept, as the subject whom it names; what was changed since we refuse.</summary>
public sealed class AcceptedTests
{
    private static readonly SecurityPolicy OverTransport = SecurityPolicy.IssuedTokenOverTransport;
    private static readonly SecurityPolicy Endorsing = OverTransport with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Endorsing, Type = SecurityTokenType.Saml }] };

    private static IEnumerable<TestCaseData> All()
    {
        foreach (var isLive in Peer.TakesPart ? new[] { false, true } : [false])
        {
            foreach (var name in new[] { "bearer20", "bearer11", "encrypted20" })
            {
                yield return new TestCaseData(isLive, name, OverTransport, SamlConfirmationMethod.Bearer).SetArgDisplayNames(isLive ? "live" : "recorded", name);
            }

            foreach (var name in new[] { "certificate20", "certificate11", "proof-key20", "proof-key11" })
            {
                yield return new TestCaseData(isLive, name, Endorsing, SamlConfirmationMethod.HolderOfKey).SetArgDisplayNames(isLive ? "live" : "recorded", name);
            }
        }
    }

    [TestCaseSource(nameof(All))]
    public void Verify_TokenOfOpenSaml_NamesItsSubject(bool isLive, string name, SecurityPolicy policy, SamlConfirmationMethod method)
    {
        var tokens = isLive ? Peer.Live : Peer.Recorded;
        using var request = tokens.Send(policy, tokens.Credential(name));
        var token = request.Message.Evidence.Tokens.OfType<SamlVerifiedToken>().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Name, Is.EqualTo("alice@example.com"));
            Assert.That(token.NameFormat, Is.EqualTo("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"));
            Assert.That(token.ConfirmationMethod, Is.EqualTo(method));
            Assert.That(token.Identity.HasClaim(name.EndsWith("11", StringComparison.Ordinal) ? "urn:ns/role" : "urn:role", "clerk"), Is.True);
            Assert.That(token.Identity.HasClaim(claim => claim.Type == ClaimTypes.AuthenticationMethod), Is.EqualTo(name.EndsWith("20", StringComparison.Ordinal)));
        }
    }

    [TestCaseSource(nameof(All))]
    public void Verify_TokenOfOpenSamlChanged_Refuses(bool isLive, string name, SecurityPolicy policy, SamlConfirmationMethod method)
    {
        var tokens = isLive ? Peer.Live : Peer.Recorded;
        var changed = Encoding.UTF8.GetString(tokens.Read(name)).Replace("alice@", "mallory@", StringComparison.Ordinal);
        if (name.StartsWith("encrypted", StringComparison.Ordinal))
        {
            Assert.That(() => tokens.Send(policy, tokens.Credential(name), tokens.Certificate("client")), Throws.InstanceOf<WsSecurityException>());
            return;
        }

        var credential = SamlAssertionCredential.Parse(Encoding.UTF8.GetBytes(changed));
        credential = tokens.Credential(name).ProofKey is { IsEmpty: false } proof ? credential.WithProofKey(proof) : credential;
        Assert.That(
            () => tokens.Send(policy, credential),
            Throws.InstanceOf<WsSecurityException>().With.Property(nameof(WsSecurityException.Failure)).EqualTo(SecurityFailure.DigestMismatch));
    }
}
