using System.Text.RegularExpressions;
using Samples;
using Samples.Intermediary;
using WsSecurity;
using WsSecurity.ServiceModel;

var keys = new SampleKeys();
var serviceCertificate = keys.Issue("CN=orders.example");
var partner = new SecurityCredentials { Certificate = keys.Issue("CN=partner.example"), PeerCertificates = [SampleKeys.Public(serviceCertificate)] };
var tls = keys.Issue("CN=proxy.example");

await using var service = await Service.StartAsync(keys, serviceCertificate);
await using var proxy = await Proxy.StartAsync(service.Address, tls, keys.Authority);
var client = new Client(service.Address, proxy.Address, tls, partner);
var forProxy = new TransitSecurity { Added = Policies.ForProxy };

Console.WriteLine($"service   {service.Address}   CoreWCF: verifies and decrypts its own header");
Console.WriteLine($"proxy     {proxy.Address}   YARP: ends TLS, verifies and takes away the header for {Policies.Proxy}");
Console.WriteLine();

await CallAsync("as it should be", forProxy);
var (received, handedOn, sender) = proxy.Seen;
var taken = Regex.Match(received, $"<(\\w+):Security [^>]*\"{Policies.Proxy}\"[^>]*>.*?</\\1:Security>", RegexOptions.Singleline).Value;
var added = $"<Via xmlns=\"{Policies.Proxy}\">proxy.example</Via>";
var isSame = taken.Length > 0 && received.Replace(taken, null, StringComparison.Ordinal) == handedOn.Replace(added, null, StringComparison.Ordinal);
var body = Regex.Match(handedOn, "<(\\w+:Body)[^>]*><([^ ]+)").Groups;
Console.WriteLine($"          the proxy let {sender} pass, and read: <{body[1]} …><{body[2]} …");
Console.WriteLine($"          it could read the article: {(received.Contains("gnome", StringComparison.Ordinal) ? "yes" : "no")}");
Console.WriteLine($"          received {received.Length} octets, took away {taken.Length}, added {added.Length}; the other {received.Length - taken.Length}: {(isSame ? "the same" : "changed")}");
Console.WriteLine();

proxy.Mischief = Mischief.ChangesTheBody;
await CallAsync("the proxy changes the Body", forProxy);
proxy.Mischief = Mischief.SendsTwice;
await CallAsync("the proxy sends it twice", forProxy);
Console.WriteLine($"          the second time: status {await proxy.SecondStatus}");
proxy.Mischief = Mischief.None;
await CallAsync("no header for the proxy", null);
await CallAsync("a header for another node", new TransitSecurity { Added = Policies.ForProxy with { Actor = "urn:samples:other" } });
await CallAsync("a header without a signature", new TransitSecurity
{
    Added = SecurityPolicy.UserNameOverTransport with { Actor = Policies.Proxy },
    Credentials = new SecurityCredentials { UserName = "partner", Password = "secret" },
});
await CallAsync("a header that a stranger signed", forProxy with { Credentials = new SecurityCredentials { Certificate = new SampleKeys().Issue("CN=stranger") } });

Console.WriteLine();
Show("the service", service.Refusals);
Show("the proxy", proxy.Refusals);
return service.Calls == 2 && isSame ? 0 : 1;

async Task CallAsync(string what, TransitSecurity? transit) => Console.WriteLine($"{what,-32}  {await client.PlaceAsync("gnome", transit)}");

static void Show(string who, IEnumerable<string> refusals)
{
    foreach (var refusal in refusals)
    {
        Console.WriteLine($"refused by {who,-12} {refusal}");
    }
}
