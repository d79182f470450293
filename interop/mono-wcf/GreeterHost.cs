using System.Security.Claims;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WsSecurity.AspNetCore;

namespace WsSecurity.Interop.MonoWcf;

/// <summary>
/// Our side as a service: a few lines behind the middleware, on a free loopback port, with one endpoint for each binding. What they write has .NET Framework's
/// prefixes, see <see cref="UtilityPrefix"/>.
/// </summary>
internal sealed class GreeterHost : IAsyncDisposable
{
    private static readonly XNamespace Soap = "http://www.w3.org/2003/05/soap-envelope";
    private static readonly XNamespace Addressing = "http://www.w3.org/2005/08/addressing";
    private static readonly XNamespace Service = "urn:wssecurity:mono";

    private readonly WebApplication _application;
    private readonly Refusals _refusals;

    private GreeterHost(WebApplication application, Refusals refusals)
    {
        _application = application;
        _refusals = refusals;
    }

    /// <summary>What our side refused last.</summary>
    public WsSecurityException? Refusal => _refusals.Last;

    /// <summary>Starts a host.</summary>
    /// <param name="change">Changes what an endpoint's policy and credentials are.</param>
    public static async Task<GreeterHost> Start(Func<WsSecurityEndpoint, WsSecurityEndpoint>? change = null)
    {
        var refusals = new Refusals();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(refusals);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddWsSecurity();
        var application = builder.Build();
        foreach (var profile in Profiles.All)
        {
            var endpoint = new WsSecurityEndpoint { Policy = Parties.Policy(profile), Credentials = Parties.Service(Peer.Keys) };
            application.UseWsSecurity($"/service/{profile}", change?.Invoke(endpoint) ?? endpoint);
        }

        application.Run(Greet);
        await application.StartAsync();
        return new GreeterHost(application, refusals);
    }

    /// <summary>The address of a binding's endpoint.</summary>
    public Uri Address(string profile) => new($"{_application.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}/service/{profile}");

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private static async Task Greet(HttpContext http)
    {
        var request = await XDocument.LoadAsync(http.Request.Body, LoadOptions.PreserveWhitespace, http.RequestAborted);
        var header = request.Root!.Element(Soap + "Header")!;
        var what = request.Root.Element(Soap + "Body")!.Element(Service + "Greet")!.Element(Service + "what")!.Value;
        var caller = ((ClaimsIdentity?)http.User.Identity)?.Name;
        XNode content = what == "fail"
            ? new XElement(
                Soap + "Fault",
                new XElement(Soap + "Code", new XElement(Soap + "Value", "s:Sender")),
                new XElement(Soap + "Reason", new XElement(Soap + "Text", new XAttribute(XNamespace.Xml + "lang", "en"), "the service failed as it was asked to")))
            : new XElement(Service + "GreetResponse", new XElement(Service + "GreetResult", caller is null ? $"you said {what}" : $"you said {what}, {caller}"));
        var reply = new XElement(
            Soap + "Envelope",
            new XAttribute(XNamespace.Xmlns + "s", Soap),
            new XAttribute(XNamespace.Xmlns + "a", Addressing),
            new XAttribute(XNamespace.Xmlns + "u", UtilityPrefix.Namespace),
            new XElement(
                Soap + "Header",
                new XElement(
                    Addressing + "Action",
                    new XAttribute(Soap + "mustUnderstand", "1"),
                    what == "fail" ? "http://www.w3.org/2005/08/addressing/soap/fault" : "urn:wssecurity:mono/Greeter/GreetResponse"),
                new XElement(Addressing + "RelatesTo", header.Element(Addressing + "MessageID")!.Value)),
            new XElement(Soap + "Body", content));
        http.Response.StatusCode = what == "fail" ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
        http.Response.ContentType = "application/soap+xml; charset=utf-8";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(reply.ToString(SaveOptions.DisableFormatting)), http.RequestAborted);
    }

    private sealed class Refusals : ILoggerProvider, ILogger
    {
        public WsSecurityException? Last { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Last = exception as WsSecurityException ?? Last;

        public void Dispose()
        {
        }
    }
}
