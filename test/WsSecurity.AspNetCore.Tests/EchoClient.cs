using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>A client of octets: protects an envelope, posts it, and verifies what comes back.</summary>
internal sealed class EchoClient(Uri address, SecurityPolicy policy, SecurityCredentials credentials) : IDisposable
{
    private readonly HttpClient _http = new(TrustingHandler()) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
    private readonly Initiator _initiator = new(policy, credentials);

    public EchoClient(EchoHost host, SecurityPolicy policy, SecurityCredentials credentials)
        : this(host.BaseAddress, policy, credentials)
    {
    }

    public SoapVersion Version { get; init; }

    public bool IsTransportProtected { get; init; } = address.Scheme == Uri.UriSchemeHttps;

    private MessageContext Context => new() { IsTransportProtected = IsTransportProtected };

    public static string ActionOf(string operation) => $"{IEcho.Namespace}/IEcho/{operation}";

    public byte[] Envelope(string operation, string? text, params XElement[] headers)
    {
        XNamespace soap = Version == SoapVersion.Soap11 ? "http://schemas.xmlsoap.org/soap/envelope/" : "http://www.w3.org/2003/05/soap-envelope";
        XNamespace echo = IEcho.Namespace;
        var envelope = new XElement(
            soap + "Envelope",
            new XAttribute(XNamespace.Xmlns + "s", soap),
            headers.Length == 0 ? null : new XElement(soap + "Header", headers),
            new XElement(soap + "Body", new XElement(echo + operation, text is null ? null : new XElement(echo + "text", text))));
        return Encoding.UTF8.GetBytes(envelope.ToString(SaveOptions.DisableFormatting));
    }

    public byte[] Protect(byte[] envelope, out PendingReply pending)
    {
        var wire = new ArrayBufferWriter<byte>();
        var tokens = _initiator.AcquireTokensAsync(action: null, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        pending = _initiator.ProtectRequest(envelope, Context with { Tokens = tokens }, wire);
        return wire.WrittenSpan.ToArray();
    }

    public byte[] Protect(string operation, string? text, params XElement[] headers)
    {
        var wire = Protect(Envelope(operation, text, headers), out var pending);
        pending.Dispose();
        return wire;
    }

    /// <summary>Posts octets as they are.</summary>
    public async Task<Reply> PostAsync(byte[] wire, string operation = "Echo", string? contentType = null, string path = EchoHost.Path, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(wire) };
        var type = contentType ?? (Version == SoapVersion.Soap11 ? "text/xml; charset=utf-8" : $"application/soap+xml; charset=utf-8; action=\"{ActionOf(operation)}\"");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (Version == SoapVersion.Soap11)
        {
            request.Headers.TryAddWithoutValidation("SOAPAction", $"\"{ActionOf(operation)}\"");
        }

        change?.Invoke(request);
        using var response = await _http.SendAsync(request);
        return new Reply((int)response.StatusCode, response.Content.Headers.ContentType, await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Calls an operation, protected, and verifies the reply.</summary>
    public async Task<(Reply Wire, VerifiedMessage Message, string Text)> CallAsync(string operation, string? text, params XElement[] headers)
    {
        var wire = Protect(Envelope(operation, text, headers), out var pending);
        using (pending)
        {
            var reply = await PostAsync(wire, operation);
            var message = pending.VerifyReply(reply.Octets, Context);
            using var stream = message.OpenRead();
            return (reply, message, XDocument.Load(stream).Root!.Value.Trim());
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpClientHandler TrustingHandler() => new() { ServerCertificateCustomValidationCallback = (_, certificate, _, _) => TestKeys.Service.Equals(certificate) };
}

/// <summary>What came back over HTTP.</summary>
internal sealed record Reply(int StatusCode, MediaTypeHeaderValue? ContentType, byte[] Octets)
{
    public string Text => Encoding.UTF8.GetString(Octets);

    /// <summary>The fault code's or, for SOAP 1.2, the subcode's local name; null where there is no fault in plain.</summary>
    public string? FaultCode
    {
        get
        {
            if (Octets.Length == 0 || ContentType?.MediaType?.EndsWith("xml", StringComparison.Ordinal) != true)
            {
                return null;
            }

            var fault = XDocument.Parse(Text).Descendants().FirstOrDefault(element => element.Name.LocalName == "Fault");
            var code = fault?.Element("faultcode") ?? fault?.Descendants().LastOrDefault(element => element.Name.LocalName == "Value");
            return code?.Value.Split(':')[^1];
        }
    }
}
