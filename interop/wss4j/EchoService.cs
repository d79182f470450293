using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace WsSecurity.Interop.Wss4j;

/// <summary>Our side as a service: the echo behind a <see cref="Recipient"/> for each profile, on loopback.</summary>
internal sealed class EchoService : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, (Recipient Recipient, MessageContext Context)> _recipients = [];
    private readonly WebApplication _application;

    private EchoService()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(Serve);
    }

    /// <summary>The last request that was accepted.</summary>
    public VerifiedMessage? Accepted { get; private set; }

    /// <summary>Why the last request was refused; null when it was accepted.</summary>
    public WsSecurityException? Refusal { get; private set; }

    private string Address =>
        _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<EchoService> Start()
    {
        var service = new EchoService();
        await service._application.StartAsync();
        return service;
    }

    /// <summary>The endpoint of a profile, escaped to be a parameter; its replies are tampered with where that is said.</summary>
    public string Endpoint(string profile, string? tamper = null) =>
        Uri.EscapeDataString(tamper is null ? $"{Address}/{profile}" : $"{Address}/{profile}?tamper={tamper}");

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task Serve(HttpContext http)
    {
        var profile = http.Request.Path.Value!.Trim('/');
        var mediaType = MediaTypeHeaderValue.Parse(http.Request.ContentType);
        var version = mediaType.MediaType == "application/soap+xml" ? SoapVersion.Soap12 : SoapVersion.Soap11;
        var action = mediaType.Parameters.SingleOrDefault(parameter => parameter.Name == "action")?.Value.Value
            ?? http.Request.Headers["SOAPAction"];
        var (recipient, transport) = _recipients.GetOrAdd(profile, Create);
        var context = transport with { Action = action, Charset = mediaType.Charset.Value };

        using var received = new MemoryStream();
        await http.Request.Body.CopyToAsync(received, http.RequestAborted);
        var output = new ArrayBufferWriter<byte>();
        try
        {
            using var request = await recipient.VerifyRequestAsync(received.ToArray(), context, http.RequestAborted);
            (Accepted, Refusal) = (request.Message, null);
            request.ProtectReply(Reply(request.Message), transport, output);
            await request.CompleteAsync(http.RequestAborted);
        }
        catch (WsSecurityException refusal)
        {
            (Accepted, Refusal) = (null, refusal);
            Recipient.WriteFault(refusal, version, output);
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        var reply = output.WrittenMemory.ToArray();
        if (http.Request.Query["tamper"] is [{ } kind])
        {
            reply = (await Peer.Post($"tamper/{kind}", reply)).Content;
        }

        http.Response.ContentType = version == SoapVersion.Soap12 ? "application/soap+xml; charset=utf-8" : "text/xml; charset=utf-8";
        await http.Response.Body.WriteAsync(reply, http.RequestAborted);
    }

    private static (Recipient, MessageContext) Create(string profile)
    {
        var binding = Binding.Of(profile, Peer.Keys);
        return (new Recipient(binding.Policy, binding.Service), binding.Context);
    }

    private static byte[] Reply(VerifiedMessage request)
    {
        using var stream = request.OpenRead();
        var envelope = XDocument.Load(stream, LoadOptions.PreserveWhitespace).Root!;
        var soap = envelope.Name.Namespace;
        var header = envelope.Element(soap + "Header")!;
        var payload = envelope.Element(soap + "Body")!.Elements().Single();
        var reply = new XElement(
            soap + "Envelope",
            new XAttribute(XNamespace.Xmlns + "s", soap),
            new XElement(
                soap + "Header",
                new XElement(Messages.Addressing + "Action", $"{request.Action}Response"),
                new XElement(Messages.Addressing + "RelatesTo", header.Element(Messages.Addressing + "MessageID")!.Value),
                header.Element(Messages.Service + "Account")),
            new XElement(
                soap + "Body",
                new XElement(
                    Messages.Service + "EchoResponse", new XAttribute(XNamespace.Xmlns + "e", Messages.Service), payload.Nodes())));
        return Messages.Write(reply);
    }
}
