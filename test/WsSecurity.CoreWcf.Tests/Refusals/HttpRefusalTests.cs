using System.Net;
using System.Net.Http.Headers;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.CoreWcf.Tests.Refusals;

/// <summary>What must be refused gets the standard fault with status 500, the operation never runs, and the host lives on.</summary>
internal sealed class HttpRefusalTests
{
    private static readonly string[] Names = [.. BadMessages.All.Select(message => message.Name)];

    [Test]
    public async Task Post_BadMessage_GetsTheStandardFaultAndTheHostLivesOn([ValueSource(nameof(Names))] string name, [Values] bool isStreamed)
    {
        var service = new EchoService();
        await using var host = await StartAsync(service, isStreamed);
        using var http = new HttpClient();

        await AssertRefusedAsync(http, host.HttpAddress, BadMessages.All.Single(message => message.Name == name).Make(host.HttpAddress));

        Assert.That(service.Calls, Is.Empty);
        using var good = await PostAsync(http, host.HttpAddress, BadMessages.Protect(host.HttpAddress));
        Assert.That(good.StatusCode, Is.EqualTo(HttpStatusCode.OK), await good.Content.ReadAsStringAsync());
        Assert.That(service.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Post_SameMessageTwice_IsRefusedTheSecondTime()
    {
        var service = new EchoService();
        await using var host = await StartAsync(service);
        using var http = new HttpClient();
        var octets = BadMessages.Protect(host.HttpAddress);

        using var first = await PostAsync(http, host.HttpAddress, octets);
        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await AssertRefusedAsync(http, host.HttpAddress, octets);
        Assert.That(service.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Post_MediaTypesActionIsNotTheSignedOne_IsRefused()
    {
        var service = new EchoService();
        await using var host = await StartAsync(service);
        using var http = new HttpClient();

        await AssertRefusedAsync(http, host.HttpAddress, BadMessages.Protect(host.HttpAddress), Envelopes.Service + "/IEcho/Fail");
        Assert.That(service.Calls, Is.Empty);
    }

    [Test]
    public async Task Post_MediaTypesAction_MayBeTheSignedOneOrEmptyOrMissing([Values(BadMessages.Action, "", null)] string? action)
    {
        var service = new EchoService();
        await using var host = await StartAsync(service);
        using var http = new HttpClient();

        using var response = await PostAsync(http, host.HttpAddress, BadMessages.Protect(host.HttpAddress), action);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(service.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Post_SoapActionOfSoap11WithAddressing_MayBeTheSignedOneOrEmptyOrMissing(
        [Values(BadMessages.Action, "", null, Envelopes.Service + "/IEcho/Fail")] string? action)
    {
        var service = new EchoService();
        await using var host = await CoreWcfHost.StartHttpAsync(
            service, Wire.Soap11Addressing.ServiceHttp().WithMessageSecurity(BadMessages.Policy, CoreWcfHost.Credentials));
        using var http = new HttpClient();
        using var content = new ByteArrayContent(BadMessages.Protect(host.HttpAddress, soap: Envelopes.Soap11));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("text/xml; charset=utf-8");
        if (action is not null)
        {
            content.Headers.TryAddWithoutValidation("SOAPAction", $"\"{action}\"");
        }

        using var response = await http.PostAsync(host.HttpAddress, content);

        var isRefused = action is { Length: > 0 } && action != BadMessages.Action;
        Assert.That(response.StatusCode, Is.EqualTo(isRefused ? HttpStatusCode.InternalServerError : HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        Assert.That(service.Calls, Has.Count.EqualTo(isRefused ? 0 : 1));
    }

    [Test]
    public async Task Post_BadMessage_ShowsTheReasonOnlyWhereTheHostShowsDetail([Values] bool showsDetail)
    {
        var setup = new HostSetup
        {
            Configure = host =>
            {
                host.Description.Behaviors.Remove<CoreWCF.Description.ServiceDebugBehavior>();
                host.Description.Behaviors.Add(new CoreWCF.Description.ServiceDebugBehavior { IncludeExceptionDetailInFaults = showsDetail });
            },
        };
        await using var host = await StartAsync(new EchoService(), setup: setup);
        using var http = new HttpClient();

        var fault = await AssertRefusedAsync(http, host.HttpAddress, BadMessages.Plain(host.HttpAddress));
        Assert.That(fault.Contains(nameof(SecurityFailure.SecurityHeaderMissing), StringComparison.Ordinal), Is.EqualTo(showsDetail));
    }

    private static Task<CoreWcfHost> StartAsync(EchoService service, bool isStreamed = false, HostSetup? setup = null) => CoreWcfHost.StartHttpAsync(
        service, Wire.Soap12Addressing.ServiceHttp(isStreamed).WithMessageSecurity(BadMessages.Policy, CoreWcfHost.Credentials), setup);

    private static async Task<string> AssertRefusedAsync(HttpClient http, Uri address, byte[] octets, string? action = null)
    {
        using var response = await PostAsync(http, address, octets, action);
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError), text);
        var fault = Envelopes.Parse(System.Text.Encoding.UTF8.GetBytes(text)).Body().Element(Envelopes.Soap12 + "Fault");
        Assert.That(fault, Is.Not.Null, text);
        Assert.That(fault!.Descendants(Envelopes.Soap12 + "Subcode").Single().Value, Does.Match("^[a-z0-9]+:(FailedCheck|Invalid|Message|Failed|Unsupported|SecurityToken)"), text);
        return text;
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, Uri address, byte[] octets, string? action = null)
    {
        using var content = new ByteArrayContent(octets);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/soap+xml; charset=utf-8" + (action is null ? string.Empty : $"; action=\"{action}\""));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await http.PostAsync(address, content, deadline.Token);
    }
}
