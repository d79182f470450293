using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Evidence;

/// <summary>
/// A time-stamping authority (RFC 3161), asked over HTTP. Its tokens are checked before they are kept: imprint, nonce, signature, critical key usage, a chain to
/// a trusted certificate, and a time that agrees with our clock.
/// </summary>
public sealed class TimestampAuthority : IDisposable
{
    private const int NonceSize = 16;
    private const int MaxResponseSize = 256 * 1024;

    private readonly Uri _address;
    private readonly EvidenceTrust _trust;
    private readonly HttpClient _client;

    /// <summary>Describes an authority; nothing is sent yet.</summary>
    /// <param name="address">Where it takes requests, http or https: the token protects itself.</param>
    /// <param name="trusted">Its certificate, or that of an authority above it.</param>
    /// <param name="handler">The way to it; an ordinary one when null. It is disposed with this.</param>
    /// <exception cref="ArgumentException">The address is none of HTTP, or nothing is trusted.</exception>
    public TimestampAuthority(Uri address, IReadOnlyList<X509Certificate2> trusted, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(trusted);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException("The authority's address must be one of http or https.", nameof(address));
        }

        if (trusted.Count == 0)
        {
            throw new ArgumentException("Without a trusted certificate every token would be refused.", nameof(trusted));
        }

        _address = address;
        _trust = new EvidenceTrust(trusted, EvidenceTrust.TimeStamping);
        _client = handler is null ? new HttpClient() : new HttpClient(handler, disposeHandler: true);
        _client.Timeout = Timeout;
        _client.MaxResponseContentBufferSize = MaxResponseSize;
    }

    /// <summary>How long an answer is waited for.</summary>
    /// <value>10 seconds.</value>
    public TimeSpan Timeout
    {
        get;
        init
        {
            field = value;
            _client.Timeout = value;
        }
    } = TimeSpan.FromSeconds(10);

    /// <summary>How far the authority's clock and ours may differ.</summary>
    /// <value>5 minutes.</value>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Lets go of connections.</summary>
    public void Dispose() => _client.Dispose();

    /// <summary>Gets a token. Blocks: a trail calls it from a thread of its own.</summary>
    /// <exception cref="EvidenceException">The authority does not answer, refuses, or answers with a token that does not hold.</exception>
    internal byte[] Stamp(byte[] imprint, DateTimeOffset now)
    {
        var request = Rfc3161TimestampRequest.CreateFromHash(
            imprint, HashAlgorithmName.SHA256, nonce: RandomNumberGenerator.GetBytes(NonceSize), requestSignerCertificates: true);
        Rfc3161TimestampToken token;
        try
        {
            token = request.ProcessResponse(Send(request.Encode()), out _);
        }
        catch (Exception exception) when (exception is CryptographicException or HttpRequestException or OperationCanceledException or IOException)
        {
            throw new EvidenceException(EvidenceFailure.TimestampInvalid, $"The time-stamping authority {_address} gave no token: {exception.Message}", exception);
        }

        var time = TimestampToken.Verify(token, imprint, _trust);
        return (time - now).Duration() <= ClockSkew
            ? token.AsSignedCms().Encode()
            : throw new EvidenceException(
                EvidenceFailure.TimestampInvalid, $"The time-stamping authority says {EvidenceHeader.FormatTime(time)}, our clock {EvidenceHeader.FormatTime(now)}.");
    }

    // RFC 3161, section 3.4.
    private byte[] Send(byte[] request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(request) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/timestamp-query");
        using var response = _client.Send(message);
        response.EnsureSuccessStatusCode();
        if (response.Content.Headers.ContentType?.MediaType != "application/timestamp-reply")
        {
            throw new HttpRequestException($"It answered with the content type '{response.Content.Headers.ContentType}'.");
        }

        using var stream = response.Content.ReadAsStream();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
