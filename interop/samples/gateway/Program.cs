using System.Net.Http.Headers;
using System.Text;
using Samples;
using Samples.Gateway;

var keys = new SampleKeys();
var gatewayCertificate = keys.Issue("CN=gateway.example");
var serviceCertificate = keys.Issue("CN=orders.example");
var login = new Login();

await using var service = await OrdersService.StartAsync(keys, gatewayCertificate, serviceCertificate);
await using var gateway = await EdgeGateway.StartAsync(service.Address, gatewayCertificate, SampleKeys.Public(serviceCertificate), login);
using var http = new HttpClient { BaseAddress = gateway.Address };

// A partner of the gateway's kind, with a certificate of the same authority, but none that may vouch.
var partnerCertificate = keys.Issue("CN=partner.example");
await using var partner = await EdgeGateway.StartAsync(service.Address, partnerCertificate, SampleKeys.Public(serviceCertificate), login);
using var beside = new HttpClient { BaseAddress = partner.Address };

Console.WriteLine($"service  {service.Address}orders   knows no user; accepts vouchers of {gatewayCertificate.Subject}");
Console.WriteLine($"gateway  {gateway.Address}orders   takes plain SOAP with a JWT");
Console.WriteLine();
await CallAsync(http, "alice, with her token", login.IssueToken("alice", "sales"));
await CallAsync(http, "nobody, without a token", null);
await CallAsync(http, "mallory, with a token that she made", new Login().IssueToken("alice", "sales"));
await CallAsync(beside, "alice, claimed by partner.example", login.IssueToken("alice", "sales"));
Console.WriteLine();
Console.WriteLine($"Refused by the service: {string.Join(", ", service.Refusals)}");
return service.Calls == 1 ? 0 : 1;

static async Task CallAsync(HttpClient http, string who, string? token)
{
    const string envelope = """
        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><Place xmlns="urn:orders"><article>gnome</article></Place></s:Body></s:Envelope>
        """;
    using var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = new StringContent(envelope, Encoding.UTF8, "text/xml") };
    request.Headers.Add("SOAPAction", "\"urn:orders/IOrders/Place\"");
    request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    using var response = await http.SendAsync(request);
    var text = await response.Content.ReadAsStringAsync();
    var answer = text.Length == 0 ? string.Empty : System.Xml.Linq.XDocument.Parse(text).Root!.Value.Trim();
    Console.WriteLine($"{who,-38} {(int)response.StatusCode}  {answer}");
}
