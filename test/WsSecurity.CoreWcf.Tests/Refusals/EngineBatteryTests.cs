using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Xml.Linq;
using CoreWCF;
using CoreWCF.Channels;
using Microsoft.Extensions.Logging;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.Interop.Wss4j;
using WsSecurity.ServiceModel.Tests.Hosting;
using WsSecurity.Tests;
using WsSecurity.Tests.Exchanges;

namespace WsSecurity.CoreWcf.Tests.Refusals;

/// <summary>
/// The engine's own battery, sent to a running host: every request that the engine refuses is refused for the same reason, answered
/// with the standard fault, and reaches no operation.
/// </summary>
internal sealed class EngineBatteryTests
{
    // A client refuses replies, a node on the way transit, and CoreWCF itself (HttpTests) the headers that nobody understands.
    private static readonly SecurityFailure[] OfOthers =
    [
        SecurityFailure.OwnSignatureReflected, SecurityFailure.PeerIdentityMismatch, SecurityFailure.ReplyNotBound, SecurityFailure.SignatureConfirmationMismatch,
        SecurityFailure.UnsecuredReply, SecurityFailure.EncryptedForTransit, SecurityFailure.HeaderNotUnderstood,
    ];

    private static IEnumerable<SecurityFailure> OfRequests => Enum.GetValues<SecurityFailure>().Except([SecurityFailure.None, .. OfOthers, .. FailureBattery.OfTickets]);

    [TestCaseSource(nameof(OfRequests))]
    public void Post_RequestThatTheEngineRefuses_IsRefusedForTheSameReason(SecurityFailure failure)
    {
        using var host = new Hosted();
        var battery = new FailureBattery(deliver: host.Deliver);

        Assert.That(() => battery.Scenarios[failure](), Refused.With(failure));
        Assert.That(host.Operations, Is.EqualTo(failure == SecurityFailure.MessageReplayed ? 1 : 0));
    }

    /// <summary>Hosts a service for the parties of a scenario when their first message is delivered.</summary>
    private sealed class Hosted : IDisposable
    {
        private readonly RefusalLog _log = new();
        private readonly CountingService _service = new();
        private CoreWcfHost? _host;

        public int Operations => _service.Operations;

        public void Deliver(TestParties parties, byte[] wire) => DeliverAsync(parties, wire).GetAwaiter().GetResult();

        public void Dispose()
        {
            _host?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _log.Dispose();
        }

        private async Task DeliverAsync(TestParties parties, byte[] wire)
        {
            var context = parties.Context;
            _host ??= await StartAsync(parties);
            using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
            using var http = new HttpClient(handler);
            using var content = new ByteArrayContent(wire);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse($"text/xml; charset={context.Charset ?? "utf-8"}");
            if (context.Action is not null)
            {
                content.Headers.Add("SOAPAction", context.Action);
            }

            using var response = await http.PostAsync(_host.HttpAddress, content);
            var text = await response.Content.ReadAsStringAsync();
            if (!_log.Refusals.TryDequeue(out var failure))
            {
                Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
                return;
            }

            var refusal = new WsSecurityException(failure, "The host refuses the request.");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError), text);
            Assert.That(XDocument.Parse(text).Descendants("faultcode").Single().Value.Split(':')[1], Is.AnyOf(refusal.FaultCode.ToString(), nameof(SecurityFaultCode.FailedCheck)));
            throw refusal;
        }

        private Task<CoreWcfHost> StartAsync(TestParties parties)
        {
            var encoding = new TextMessageEncodingBindingElement(MessageVersion.CreateVersion(EnvelopeVersion.Soap11, AddressingVersion.WSAddressing10), System.Text.Encoding.UTF8);
            var isTls = parties.Context.IsTransportProtected;
            var binding = new CustomBinding(encoding, isTls ? new HttpsTransportBindingElement() : new HttpTransportBindingElement());
            return CoreWcfHost.StartHttpAsync<CountingService, IPassThroughService>(
                _service,
                binding.WithMessageSecurity(new WsSecurityBindingElement(parties.ServicePolicy)
                {
                    Credentials = parties.ServiceCredentials,
                    Services = parties.Services with { LoggerFactory = new LoggerFactory([_log]) },
                    EndpointAddress = parties.Context.EndpointAddress ?? new Uri("http://service.example/calc"),
                }),
                new HostSetup { Tls = isTls ? TestCertificates.Loopback : null });
        }
    }

    [ServiceBehavior(InstanceContextMode = InstanceContextMode.Single, AddressFilterMode = AddressFilterMode.Any)]
    private sealed class CountingService : IPassThroughService
    {
        public int Operations { get; private set; }

        public Message Process(Message request)
        {
            Operations++;
            return Message.CreateMessage(request.Version, "urn:done");
        }
    }

    /// <summary>What the adapter says of requests that it refused.</summary>
    private sealed class RefusalLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<SecurityFailure> Refusals { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "RequestRefused" && state is IEnumerable<KeyValuePair<string, object?>> values)
            {
                Refusals.Enqueue((SecurityFailure)values.Single(value => value.Key == "Failure").Value!);
            }
        }

        public void Dispose()
        {
        }
    }
}
