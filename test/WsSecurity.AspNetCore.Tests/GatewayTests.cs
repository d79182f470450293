using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NUnit.Framework;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>A YARP gateway that authenticates users by JWT and vouches for them; the service knows no user, only which gateways may vouch.</summary>
public sealed class GatewayTests
{
    private const string Audience = "urn:orders";
    private const string GatewayName = "https://gateway.example";

    private static readonly SymmetricSecurityKey JwtKey = new(RandomNumberGenerator.GetBytes(32));

    private static readonly SecurityPolicy Policy = SecurityPolicy.MutualCertificateDuplex with
    {
        RequireSignatureConfirmation = true,
        SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.SignedEncrypted, Type = SecurityTokenType.Saml }],
    };

    private static readonly WsSecurityGateway Gateway = new()
    {
        Policy = Policy,
        Credentials = TestKeys.ClientCredentials,
        Issuer = new SamlAssertionIssuer(GatewayName, TestKeys.Client),
        Assertion = WsSecurityGateway.VouchForUser(Audience, "department"),
    };

    private static readonly TrustDomain Gateways = new()
    {
        Name = "Gateways",
        Anchors = [TestKeys.Authority],
        MayVouch = true,
        SamlIssuers = [new SamlIssuer(GatewayName, TestKeys.PublicPart(TestKeys.Client))],
    };

    private static readonly WsSecurityEndpoint Endpoint = new()
    {
        Policy = Policy,
        Credentials = TestKeys.ServiceCredentials with { Audiences = [Audience], TrustDomains = [Gateways] },
    };

    [TestCase(SoapVersion.Soap11)]
    [TestCase(SoapVersion.Soap12)]
    public async Task Call_OfAuthenticatedUser_ReachesTheServiceAsThatUser(SoapVersion version)
    {
        await using var host = await StartServiceAsync();
        await using var gateway = await StartGatewayAsync(host);

        var reply = await CallAsync(gateway, "Identities", Token("alice"), version);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.StatusCode, Is.EqualTo(200), reply.Text + string.Join('\n', host.Log.Messages));
            Assert.That(reply.Text, Does.Contain("alice").And.Contain("department=sales").And.Contain("CN=Client"));
            Assert.That(reply.Text, Does.Not.Contain("Security"));
            Assert.That(gateway.Seen.Request, Does.Contain("EncryptedData").And.Not.Contain("alice").And.Not.Contain("sales"));
            Assert.That(gateway.Seen.Authorization, Is.Null.Or.Empty);
        }
    }

    [Test]
    public async Task Call_ServiceFaults_FaultComesBackInPlain()
    {
        await using var host = await StartServiceAsync();
        await using var gateway = await StartGatewayAsync(host);

        var reply = await CallAsync(gateway, "Fail", Token("alice"), text: "no such order");

        Assert.That(reply.StatusCode, Is.EqualTo(500));
        Assert.That(reply.Text, Does.Contain("no such order"));
    }

    [Test]
    public async Task Call_OfNobody_IsNotVouchedFor()
    {
        await using var host = await StartServiceAsync();
        await using var gateway = await StartGatewayAsync(host);

        foreach (var token in new[] { null, Token("alice", expired: true), Token("alice") + "x" })
        {
            Assert.That((await CallAsync(gateway, "Identities", token)).StatusCode, Is.EqualTo(403));
        }

        Assert.That(host.Echo.Calls, Is.Zero);
        Assert.That(gateway.Seen.Request, Is.Empty);
    }

    [Test]
    public async Task Call_WithSecurityHeaderOfItsOwn_IsRefused()
    {
        await using var host = await StartServiceAsync();
        await using var gateway = await StartGatewayAsync(host);
        XNamespace wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";

        var reply = await CallAsync(gateway, "Identities", Token("mallory"), header: new XElement(wsse + "Security"));

        Assert.That(reply.StatusCode, Is.EqualTo(500));
        Assert.That(gateway.Log.Failures, Does.Contain(SecurityFailure.DuplicateSecurityHeader));
        Assert.That(host.Echo.Calls, Is.Zero);
    }

    [Test]
    public async Task User_ClaimedByAnyoneElse_IsRefused()
    {
        await using var host = await StartServiceAsync(Gateways with { MayVouch = false, Subjects = [] });
        await using var gateway = await StartGatewayAsync(host);

        var reply = await CallAsync(gateway, "Identities", Token("alice"));

        Assert.That(reply.StatusCode, Is.Not.EqualTo(200));
        Assert.That(host.Log.Failures, Does.Contain(SecurityFailure.SubjectConfirmationFailed));
        Assert.That(host.Echo.Calls, Is.Zero);
    }

    [Test]
    public async Task Assertion_OfIssuerThatTheServiceDoesNotName_IsRefused()
    {
        await using var host = await StartServiceAsync();
        await using var gateway = await StartGatewayAsync(host, Gateway with { Issuer = new SamlAssertionIssuer("https://elsewhere.example", TestKeys.Client) });

        var reply = await CallAsync(gateway, "Identities", Token("alice"));

        Assert.That(reply.StatusCode, Is.Not.EqualTo(200));
        Assert.That(host.Echo.Calls, Is.Zero);
        Assert.That(host.Log.Failures, Is.Not.Empty);
    }

    [Test]
    public async Task Assertion_ForAnotherAudience_IsRefused()
    {
        await using var host = await StartServiceAsync();
        await using var gateway = await StartGatewayAsync(host, Gateway with { Assertion = WsSecurityGateway.VouchForUser("urn:payroll") });

        await CallAsync(gateway, "Identities", Token("alice"));

        Assert.That(host.Log.Failures, Does.Contain(SecurityFailure.AudienceMismatch));
        Assert.That(host.Echo.Calls, Is.Zero);
    }

    [Test]
    public async Task Reply_WithoutProof_IsNotHandedOn()
    {
        await using var host = await StartServiceAsync();
        await using var gateway = await StartGatewayAsync(host, answer: "<x/>");

        var reply = await CallAsync(gateway, "Identities", Token("alice"));

        Assert.That(reply.StatusCode, Is.EqualTo(502));
        Assert.That(reply.Text, Does.Not.Contain("<x/>"));
    }

    [Test]
    public async Task Service_ThatIsDown_IsToldByTheStatusAlone()
    {
        await using var gateway = await ProxyHost.StartAsync(new Uri("http://127.0.0.1:1"), Configure(Gateway), Authenticate);

        var reply = await CallAsync(gateway, "Identities", Token("alice"));

        Assert.That(reply.StatusCode, Is.EqualTo(502));
        Assert.That(reply.Octets, Is.Empty);
    }

    [Test]
    public void Gateway_PolicyWithoutAssertion_IsRefused() => Assert.That(
        async () => await ProxyHost.StartAsync(new Uri("http://127.0.0.1:1"), Configure(Gateway with { Policy = SecurityPolicy.MutualCertificateDuplex }), Authenticate),
        Throws.ArgumentException.With.Message.Contains("SAML"));

    private static Task<EchoHost> StartServiceAsync(TrustDomain? domain = null) =>
        EchoHost.StartAsync(Endpoint with { Credentials = Endpoint.Credentials with { TrustDomains = [domain ?? Gateways] } });

    private static Task<ProxyHost> StartGatewayAsync(EchoHost host, WsSecurityGateway? gateway = null, string? answer = null) =>
        ProxyHost.StartAsync(host.BaseAddress, Configure(gateway ?? Gateway, answer), Authenticate);

    private static Action<WebApplication> Configure(WsSecurityGateway gateway, string? answer = null) => app =>
    {
        app.UseAuthentication();
        app.UseWsSecurityGateway(EchoHost.Path, gateway);
        if (answer is not null)
        {
            app.Run(async context =>
            {
                context.Response.ContentType = "text/xml";
                await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(answer));
            });
        }
    };

    private static void Authenticate(WebApplicationBuilder builder) => builder.Services
        .AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
        .AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = "https://login.example",
                ValidAudience = "gateway",
                IssuerSigningKey = JwtKey,
                NameClaimType = JwtRegisteredClaimNames.Sub,
                ClockSkew = TimeSpan.Zero,
            };
        });

    private static string Token(string user, bool expired = false)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "https://login.example",
            Audience = "gateway",
            IssuedAt = now.AddHours(-2),
            NotBefore = now.AddHours(-2),
            Expires = expired ? now.AddHours(-1) : now.AddHours(1),
            Subject = new ClaimsIdentity([new Claim(JwtRegisteredClaimNames.Sub, user), new Claim("department", "sales"), new Claim("salary", "9")]),
            SigningCredentials = new SigningCredentials(JwtKey, SecurityAlgorithms.HmacSha256),
        });
    }

    private static async Task<Reply> CallAsync(
        ProxyHost gateway, string operation, string? token, SoapVersion version = SoapVersion.Soap11, string? text = null, XElement? header = null)
    {
        using var client = new EchoClient(gateway.BaseAddress, Policy with { SupportingTokens = [] }, TestKeys.ClientCredentials) { Version = version };
        var plain = header is null ? client.Envelope(operation, text) : client.Envelope(operation, text, header);
        return await client.PostAsync(plain, operation, change: request => request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token));
    }
}
