using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.ServiceModel;
using System.Text;
using System.Xml.Linq;
using WsSecurity.AspNetCore;
using WsSecurity.Cli.Evidence;
using WsSecurity.ServiceModel;

namespace WsSecurity.Cli.Demo;

/// <summary>The demonstration: a protected call between a WCF proxy and a SoapCore service, what the wire shows, and attacks on it.</summary>
internal sealed class DemoRun(Terminal terminal)
{
    private const string CardNumber = "4111 1111 1111 1111";

    // The signature could be encrypted as well, which is the default; here it stays readable, since it is to be looked at.
    private static readonly SecurityPolicy Policy = SecurityPolicy.MutualCertificateDuplex with
    {
        MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt,
        RequireSignatureConfirmation = true,
    };

    private int _step;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        terminal.WriteLine();
        terminal.WriteLine(terminal.Bold("WS-Security for .NET: one protected call, from end to end"));

        using var keys = new DemoKeys(TimeProvider.System);
        Title("Keys", "made for this run; they never leave the memory");
        terminal.WriteLine($"  {keys.Authority.Subject}  issued  {keys.Alice.Subject} (the client)  and  {keys.Shop.Subject} (the service)");

        var service = await DemoService.StartAsync(CreateEndpoint(keys), cancellationToken).ConfigureAwait(false);
        await using (service.ConfigureAwait(false))
        {
            Title("Service", "SoapCore on Kestrel, behind app.UseWsSecurity(…)");
            terminal.WriteLine($"  {service.Address}");
            Call(service.Address, keys);
            ShowWire(service, keys);
            var recorded = service.Tap.Request;
            var refused = await AttackAsync(service, recorded, cancellationToken).ConfigureAwait(false);

            terminal.WriteLine();
            var verdict = refused ? terminal.Green("All refused.") : terminal.Red("Something was not refused as it must be.");
            var elapsed = terminal.Dim($"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
            terminal.WriteLine($"  {verdict} Orders placed: {service.Orders.Count}.  {elapsed}");
            terminal.WriteLine();
            return refused && service.Orders.Count == 1 ? ExitCode.Accepted : ExitCode.Refused;
        }
    }

    private static WsSecurityEndpoint CreateEndpoint(DemoKeys keys) => new()
    {
        Policy = Policy,
        Credentials = new SecurityCredentials
        {
            Certificate = keys.Shop,
            TrustDomains = [new TrustDomain { Name = "Customers", Anchors = [keys.Authority] }],
        },
    };

    private void Call(Uri address, DemoKeys keys)
    {
        Title("Call", "a typed WCF proxy over new BasicHttpBinding().WithMessageSecurity(policy, …)");
        var credentials = new SecurityCredentials { Certificate = keys.Alice, PeerCertificates = [DemoKeys.PublicPart(keys.Shop)] };
        var binding = new BasicHttpBinding().WithMessageSecurity(Policy, credentials);
        using var factory = new ChannelFactory<IOrders>(binding, new EndpointAddress(address));
        var proxy = factory.CreateChannel();
        using ((IClientChannel)proxy)
        {
            var order = new Order { Article = "Garden gnome", Quantity = 3, CardNumber = CardNumber };
            var confirmation = proxy.Place(order);
            terminal.WriteLine($"  Place({order.Article}, {order.Quantity}, card {order.CardNumber})");
            var (number, caller) = (terminal.Bold(confirmation.Number), terminal.Bold(confirmation.OrderedBy));
            terminal.WriteLine($"  {terminal.Green("→")} order {number}, ordered by {caller}, says the service's HttpContext.User");
        }
    }

    private void ShowWire(DemoService service, DemoKeys keys)
    {
        var note = terminal.Dim("indented, declarations left out, long values cut");
        Title("The request on the wire", $"{service.Tap.Request.Length:N0} octets");
        terminal.WriteLine($"  {terminal.Green("S signed")}  {terminal.Magenta("E encrypted")}  {note}");
        WireView.Print(service.Tap.Request, terminal, keys.Alice.Subject, keys.Shop.Subject);
        var isReadable = Encoding.UTF8.GetString(service.Tap.Request).Contains(CardNumber, StringComparison.Ordinal);
        terminal.WriteLine($"  The card number in these octets: {(isReadable ? terminal.Red("found") : terminal.Green("not found"))}");

        Title("What it proved to the service", "IWsSecurityFeature.Evidence");
        EvidenceText.Write(service.Evidence ?? ProtectionEvidence.None, terminal, indent: "  ");

        Title("The reply on the wire", $"{service.Tap.Reply.Length:N0} octets");
        WireView.Print(service.Tap.Reply, terminal, keys.Shop.Subject, keys.Alice.Subject);
    }

    private async Task<bool> AttackAsync(DemoService service, byte[] recorded, CancellationToken cancellationToken)
    {
        Title("An attacker on the way", "who recorded the request, and now");
        terminal.WriteLine(terminal.Dim($"  {"",-40} {"learns from the service",-28} the service's log"));
        using var client = new HttpClient();
        var allRefused = true;
        foreach (var attack in Attack.On(recorded, PlainOrder()))
        {
            var (status, fault) = await SendAsync(client, service.Address, attack.Wire, cancellationToken).ConfigureAwait(false);
            var isRefused = status == HttpStatusCode.InternalServerError && service.Refusals.Last == attack.Expected;
            allRefused &= isRefused;
            var log = service.Refusals.Last?.ToString() ?? "nothing";
            terminal.WriteLine($"  {attack.Description,-40} {$"{(int)status} {fault}",-28} {(isRefused ? terminal.Bold(log) : terminal.Red(log))}");
        }

        return allRefused;
    }

    private static async Task<(HttpStatusCode Status, string Fault)> SendAsync(
        HttpClient client, Uri address, byte[] wire, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(wire) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml", "utf-8");
        request.Headers.Add("SOAPAction", $"\"{IOrders.Namespace}/{nameof(IOrders)}/{nameof(IOrders.Place)}\"");
        using var response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        var code = body.Length == 0 ? null : XDocument.Parse(body).Descendants("faultcode").FirstOrDefault();
        return (response.StatusCode, code?.Value ?? "no fault");
    }

    private static byte[] PlainOrder()
    {
        XNamespace soap = SecondOpinion.Namespaces.Soap11;
        XNamespace orders = IOrders.Namespace;
        var order = new XElement(orders + "Place", new XElement(orders + "order", new XElement(orders + "Article", "Gold bar")));
        var envelope = new XElement(soap + "Envelope", new XElement(soap + "Body", order));
        using var octets = new MemoryStream();
        envelope.Save(octets);
        return octets.ToArray();
    }

    private void Title(string title, string note)
    {
        terminal.WriteLine();
        terminal.WriteLine($"{terminal.Bold($"{++_step}  {title}")}  {terminal.Dim(note)}");
    }
}
