using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>How the middleware stands in a pipeline, in front of applications of all kinds.</summary>
public sealed class PipelineTests
{
    private static readonly SecurityPolicy Policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };

    private static readonly WsSecurityEndpoint Endpoint = new() { Policy = Policy, Credentials = TestKeys.ServiceCredentials };

    [Test]
    public async Task Application_SeesThePlainEnvelopeWithItsLengthAndType()
    {
        string? seen = null;
        await using var host = await StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            seen = body;
            Assert.That(context.Request.ContentLength, Is.EqualTo(Encoding.UTF8.GetByteCount(body)));
            Assert.That(context.Request.ContentType, Is.EqualTo("application/soap+xml; charset=utf-8"));
            Assert.That(context.Request.Headers.TransferEncoding, Is.Empty);
        });
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials) { Version = SoapVersion.Soap12 };

        var reply = await client.PostAsync(client.Protect("Echo", "plain again"), change: request => request.Headers.TransferEncodingChunked = true);

        Assert.That(reply.StatusCode, Is.EqualTo(200));
        Assert.That(seen, Does.Contain("plain again").And.Not.Contain("Security"));
    }

    [Test]
    public async Task Application_RepliesThroughThePipeWriterAndFlushes_ReplyIsProtected()
    {
        await using var host = await StartAsync(async context =>
        {
            context.Response.ContentType = "text/xml; charset=utf-8";
            await context.Response.StartAsync();
            await context.Response.BodyWriter.WriteAsync("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">"u8.ToArray());
            await context.Response.BodyWriter.FlushAsync();
            await context.Response.WriteAsync("<s:Body><Secret/></s:Body></s:Envelope>");
            await context.Response.CompleteAsync();
        });
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);
        var wire = client.Protect(client.Envelope("Echo", "x"), out var pending);
        using (pending)
        {
            var reply = await client.PostAsync(wire);

            Assert.That(reply.Text, Does.Not.Contain("Secret"));
            Assert.That(pending.VerifyReply(reply.Octets, MessageContext.Empty).Evidence.EncryptedParts, Is.Not.Empty);
        }
    }

    [TestCase("text/html", "<html>secret</html>")]
    [TestCase("application/json", "\"secret\"")]
    [TestCase(null, "secret")]
    [TestCase("text/xml", "<notSoap>secret</notSoap>")]
    public async Task Application_RepliesWithSomethingElse_ReplyIsWithheld(string? contentType, string body)
    {
        await using var host = await StartAsync(async context =>
        {
            context.Response.ContentType = contentType;
            await context.Response.WriteAsync(body);
        });
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);

        var reply = await client.PostAsync(client.Protect("Echo", "x"));

        Assert.That(reply.StatusCode, Is.EqualTo(500));
        Assert.That(reply.Octets, Is.Empty);
        Assert.That(host.Log.Messages, Has.Some.Contains("was withheld").And.None.Contains("secret"));
    }

    [Test]
    public async Task Application_Throws_NothingLeaksAndTheMessageIsSpent()
    {
        await using var host = await StartAsync(async context =>
        {
            context.Response.ContentType = "text/xml";
            await context.Response.WriteAsync("half a secret");
            throw new InvalidOperationException("broken");
        });
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);
        var wire = client.Protect("Echo", "x");

        var first = await client.PostAsync(wire);
        var second = await client.PostAsync(wire);

        Assert.That(first.StatusCode, Is.EqualTo(500));
        Assert.That(first.Text, Does.Not.Contain("secret"));
        Assert.That(second.FaultCode, Is.EqualTo("FailedCheck"));
        Assert.That(host.Log.Failures, Has.Some.EqualTo(SecurityFailure.MessageReplayed));
    }

    [Test]
    public async Task Application_ThrowsARefusalOfItsOwn_IsNotTakenForOursAndNothingIsAnswered()
    {
        await using var host = await StartAsync(_ => throw new WsSecurityException(SecurityFailure.MessageExpired, "of another exchange"));
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);

        var reply = await client.PostAsync(client.Protect("Echo", "x"));

        Assert.That((reply.StatusCode, reply.FaultCode), Is.EqualTo((500, (string?)null)));
    }

    [Test]
    public async Task Application_OutlivesItsCaller_TheMessageIsSpentAndTheHostServes()
    {
        var arrived = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using var host = await StartAsync(async context =>
        {
            arrived.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
            finally
            {
                ended.TrySetResult();
            }
        });
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);
        using var http = new HttpClient { BaseAddress = host.BaseAddress };
        using var cancellation = new CancellationTokenSource();
        var wire = client.Protect("Echo", "x");
        using var content = new ByteArrayContent(wire);
        content.Headers.TryAddWithoutValidation("Content-Type", "text/xml");

        var call = http.PostAsync(new Uri(EchoHost.Path, UriKind.Relative), content, cancellation.Token);
        await arrived.Task;
        await cancellation.CancelAsync();

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That((await client.PostAsync(wire)).FaultCode, Is.EqualTo("FailedCheck"));
    }

    [Test]
    public async Task Middleware_InFront_GetsItsRequestAndResponseBodiesBack()
    {
        (Stream? Before, Stream? After) request = default, response = default;
        await using var host = await EchoHost.StartAsync(app =>
        {
            app.Use(async (context, next) =>
            {
                (request.Before, response.Before) = (context.Request.Body, context.Response.Body);
                await next(context);
                (request.After, response.After) = (context.Request.Body, context.Response.Body);
            });
            app.UseWsSecurity(EchoHost.Path, Endpoint);
        });
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);

        await client.CallAsync("Echo", "x");

        Assert.That(request.After, Is.Not.Null.And.SameAs(request.Before));
        Assert.That(response.After, Is.Not.Null.And.SameAs(response.Before));
    }

    [Test]
    public async Task UseWsSecurity_TwoPathsOfOneHost_ShareTheReplayCache()
    {
        static Task Empty(HttpContext context)
        {
            context.Response.StatusCode = 202;
            return Task.CompletedTask;
        }

        await using var host = await EchoHost.StartAsync(app =>
        {
            app.Map("/one", branch => Run(branch, Empty));
            app.Map("/two", branch => Run(branch, Empty));
        });
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);
        var wire = client.Protect("Echo", "x");

        Assert.That((await client.PostAsync(wire, path: "/one")).StatusCode, Is.EqualTo(202));
        Assert.That((await client.PostAsync(wire, path: "/two")).FaultCode, Is.EqualTo("FailedCheck"));
    }

    [Test]
    public async Task UseWsSecurity_WithoutAPath_ProtectsItsBranchAlone()
    {
        await using var host = await EchoHost.StartAsync(app =>
            app.MapWhen(context => context.Request.Headers.ContainsKey("SOAPAction"), branch => Run(branch, context => context.Response.WriteAsync("reached"))));
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);
        using var http = new HttpClient { BaseAddress = host.BaseAddress };

        Assert.That((await client.PostAsync(client.Envelope("Echo", "plain"), path: "/anything")).FaultCode, Is.EqualTo("InvalidSecurity"));
        Assert.That(await http.GetStringAsync(new Uri("/health", UriKind.Relative)), Is.EqualTo("well"));
    }

    [Test]
    public async Task UseWsSecurity_PathWithATrailingSlash_ProtectsThePath()
    {
        await using var host = await EchoHost.StartAsync(app => app.UseWsSecurity(EchoHost.Path + "/", Endpoint));
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);

        Assert.That((await client.PostAsync(client.Envelope("Echo", "plain"))).FaultCode, Is.EqualTo("InvalidSecurity"));
    }

    [Test]
    public void UseWsSecurity_NameThatNobodyRegistered_IsRefusedAtOnce()
    {
        Assert.That(
            () => EchoHost.StartAsync(app => app.UseWsSecurity(EchoHost.Path, "Echo")),
            Throws.InvalidOperationException.With.Message.Contains("AddWsSecurity(\"Echo\")"));
    }

    [Test]
    public void UseWsSecurity_CredentialsThatLackWhatThePolicyNeeds_AreRefusedAtOnce()
    {
        Assert.That(
            () => EchoHost.StartAsync(Endpoint with { Credentials = new SecurityCredentials() }),
            Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void UseWsSecurity_ConfigurationThatCannotBeUsed_IsRefusedAtOnce()
    {
        Assert.That(
            () => EchoHost.StartAsync(app => app.UseWsSecurity(EchoHost.Path, "Echo"), builder => builder.Services.AddWsSecurity("Echo")),
            Throws.TypeOf<BindingConfigurationException>());
    }

    [Test]
    public void AddWsSecurity_ConfigurationThatCannotBeUsed_StopsTheHostFromStarting() =>
        Assert.That(
            () => EchoHost.StartAsync(_ => { }, builder => builder.Services.AddWsSecurity("Echo")),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("WsSecurity:Bindings:Echo: there is no such binding"));

    private static Task<EchoHost> StartAsync(RequestDelegate application) =>
        EchoHost.StartAsync(app => app.Map(EchoHost.Path, branch => Run(branch, application)));

    private static void Run(IApplicationBuilder branch, RequestDelegate application)
    {
        branch.UseWsSecurity(Endpoint);
        branch.Run(application);
    }
}
