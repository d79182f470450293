using System.ServiceModel;
using Samples;
using Samples.Evidence;
using WsSecurity;
using WsSecurity.AspNetCore;
using WsSecurity.Evidence;
using WsSecurity.ServiceModel;

var folder = args.Length > 0 ? args[0] : Directory.CreateTempSubdirectory("evidence-").FullName;
var keys = new SampleKeys();
var serviceCertificate = keys.Issue("CN=orders.example");
var clientCertificate = keys.Issue("CN=partner.example");
var hostCertificate = keys.Issue("CN=audit of orders.example");
var policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };

// The host: nothing runs before the request's evidence is on the disk, and no reply leaves before its own is.
EvidenceHead head;
using (var trail = EvidenceTrail.Open(new FileEvidenceStore(folder), new EvidenceTrailOptions { Certificate = hostCertificate }))
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    SoapCore.SoapEndpointExtensions.AddSoapCore(builder.Services);
    builder.Services.AddSingleton<IOrders, Orders>();
    builder.Services.AddWsSecurity("Orders", new WsSecurityEndpoint
    {
        Policy = policy,
        Credentials = new SecurityCredentials { Certificate = serviceCertificate, TrustDomains = [new TrustDomain { Name = "partners", Anchors = [keys.Authority] }] },
        Evidence = new EvidenceRecording { Trail = trail, Endpoint = "Orders", KeepsRefused = true },
    });
    await using var app = builder.Build();
    app.Urls.Add("http://127.0.0.1:0");
    app.UseWsSecurity("/orders", "Orders");
    SoapCore.SoapEndpointExtensions.UseSoapEndpoint<IOrders>((IApplicationBuilder)app, "/orders", new SoapCore.SoapEncoderOptions());
    await app.StartAsync();

    // The partner: an ordinary WCF client.
    var credentials = new SecurityCredentials { Certificate = clientCertificate, PeerCertificates = [SampleKeys.Public(serviceCertificate)] };
    using var factory = new ChannelFactory<IOrders>(new BasicHttpBinding().WithMessageSecurity(policy, credentials), new EndpointAddress($"{app.Urls.First()}/orders"));
    foreach (var article in (string[])["gnome", "wheelbarrow", "hedge"])
    {
        Console.WriteLine($"called    {factory.CreateChannel().Place(article)}");
    }

    await app.StopAsync();
    head = trail.Head;
}

Console.WriteLine($"kept in   {folder}");
Console.WriteLine($"head      {head}");
Console.WriteLine();

// Years later, somewhere else: the trail, and the certificate of the authority above the host.
var entries = FileEvidenceStore.Read(folder).ToList();
foreach (var record in entries.Select(EvidenceRecord.Read).Where(record => record.Kind == "Message"))
{
    Console.WriteLine($"{record.Sequence,6}    {record.Direction,-15}  {record.Content.Length} octets  {string.Join(", ", record.Tokens)}");
}

Console.WriteLine();
var request = entries.FindIndex(entry => EvidenceRecord.Read(entry).Direction == EvidenceDirection.RequestReceived);
var found = new List<EvidenceFailure>
{
    Verify("as it is", entries),
    Verify("one octet of a request changed", Changed(list => list[request] = list[request] with { Content = Flip(list[request].Content) })),
    Verify("a request removed", Changed(list => list.RemoveAt(request))),
    Verify("two records exchanged", Changed(list => (list[request], list[request + 2]) = (list[request + 2], list[request]))),
    Verify("the newest checkpoint cut off", Changed(list => list.RemoveAt(list.Count - 1))),
    Verify("cut behind a checkpoint", Changed(list => list.RemoveRange(list.Count - 2, 2))),
    Verify("another host's key trusted", entries, keys.Issue("CN=somebody else")),
};
return found is [EvidenceFailure.None, EvidenceFailure.RecordAltered, EvidenceFailure.RecordMissing, EvidenceFailure.RecordOutOfOrder,
    EvidenceFailure.RecordNotSigned, EvidenceFailure.HeadMissing, EvidenceFailure.SignerNotTrusted] ? 0 : 1;

List<EvidenceEntry> Changed(Action<List<EvidenceEntry>> change)
{
    var copy = entries.ToList();
    change(copy);
    return copy;
}

EvidenceFailure Verify(string what, List<EvidenceEntry> trail, System.Security.Cryptography.X509Certificates.X509Certificate2? trusted = null)
{
    // The head was noted while the trail was written: without it, the end could be cut off unseen.
    var report = new EvidenceVerifier(new EvidenceVerifierOptions { Trusted = [trusted ?? keys.Authority], KnownHead = head }).Verify(trail);
    Console.WriteLine($"{what,-32}  {(report.IsAccepted ? "whole" : $"{report.Failure}: {report.Reason}")}");
    return report.Failure;
}

static byte[] Flip(ReadOnlyMemory<byte> octets)
{
    var copy = octets.ToArray();
    copy[copy.Length / 2] ^= 1;
    return copy;
}
