using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>Partners with certification authorities of their own at one service, over HTTP.</summary>
public sealed class TrustDomainTests
{
    private static readonly SecurityPolicy Policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };

    private static readonly SecurityCredentials Credentials = TestKeys.ServiceCredentials with
    {
        TrustDomains =
        [
            new TrustDomain { Name = "Partners", Anchors = [TestKeys.Authority] },
            new TrustDomain { Name = "Others", Anchors = [TestKeys.OtherAuthority] },
        ],
    };

    [Test]
    public async Task Call_TwoPartnersOfTwoAuthorities_EachIsSeenUnderItsOwnDomain()
    {
        var seen = new List<string>();
        await using var host = await StartAsync(Policy, seen);
        using var partner = new EchoClient(host, Policy, TestKeys.ClientCredentials);
        using var other = new EchoClient(host, Policy, TestKeys.ClientCredentials with { Certificate = TestKeys.OtherClient });

        Assert.That((await partner.CallAsync("Echo", "one")).Text, Is.EqualTo("one"));
        Assert.That((await other.CallAsync("Echo", "two")).Text, Is.EqualTo("two"));
        Assert.That(seen, Is.EqualTo(new[] { "CN=Client of Partners (Partners)", "CN=Client of Others (Others)" }));
    }

    [Test]
    public async Task Call_EndpointOfOneDomain_RefusesTheOther()
    {
        await using var host = await StartAsync(Policy with { AcceptedTrustDomains = ["Others"] }, []);
        using var partner = new EchoClient(host, Policy, TestKeys.ClientCredentials);
        using var other = new EchoClient(host, Policy, TestKeys.ClientCredentials with { Certificate = TestKeys.OtherClient });

        Assert.That((await other.CallAsync("Echo", "two")).Text, Is.EqualTo("two"));
        var refused = await partner.PostAsync(partner.Protect("Echo", "one"));
        Assert.That(refused.StatusCode, Is.EqualTo(500));
        Assert.That(refused.Text, Does.Contain("FailedCheck").And.Not.Contain("Partners"));
        Assert.That(host.Log.Failures, Has.Some.EqualTo(SecurityFailure.TrustDomainNotAccepted));
        Assert.That(host.Echo.Calls, Is.EqualTo(1));
    }

    // As the application sees the caller: in the evidence, and as issuer of its claims.
    private static Task<EchoHost> StartAsync(SecurityPolicy policy, List<string> seen) => EchoHost.StartAsync(app =>
    {
        app.UseWsSecurity(EchoHost.Path, new WsSecurityEndpoint { Policy = policy, Credentials = Credentials });
        app.Use((context, next) =>
        {
            var token = (X509VerifiedToken)context.Features.Get<IWsSecurityFeature>()!.Evidence.Tokens.Single();
            seen.Add($"{token.Name} of {token.TrustDomain} ({context.User.FindFirst(context.User.Identities.Single().NameClaimType)!.Issuer})");
            return next(context);
        });
    });
}
