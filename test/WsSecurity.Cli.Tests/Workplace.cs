using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace WsSecurity.Cli.Tests;

/// <summary>A folder with certificates and a configuration, in which the tool is run.</summary>
internal sealed class Workplace : IDisposable
{
    public const string Soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
    public const string Soap12 = "http://www.w3.org/2003/05/soap-envelope";

    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string ClientPem = CreateRsa("CN=Client");
    private static readonly string ServicePem = CreateRsa("CN=Service");
    private static readonly string CurvePem = CreateEcdsa("CN=Curve");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wssec-cli-");
    private readonly JsonObject _bindings = [];

    public Workplace()
    {
        Write("client.pem", ClientPem);
        Write("service.pem", ServicePem);
        Write("curve.pem", CurvePem);
        Write("plain.xml", Envelope(Soap11));
        Write("plain12.xml", Envelope(Soap12));
    }

    /// <summary>Adds the bindings <c>Client</c> and <c>Service</c> of one policy.</summary>
    public void AddBindings(string policy, string clientCertificate = "client.pem")
    {
        AddBinding("Client", policy, $$"""
            "Credentials": { "Certificate": "{{clientCertificate}}", "PeerCertificates": "service.pem", "UserName": "alice", "Password": "opensesame" }
            """);
        AddBinding("Service", policy, $$"""
            "Credentials": { "Certificate": "service.pem" }, "Users": { "alice": "opensesame" },
            "TrustDomains": { "Partners": { "Certificates": [ "{{clientCertificate}}" ] } }
            """);
    }

    public void AddBinding(string name, string policy, string credentials)
    {
        _bindings[name] = JsonNode.Parse($$"""{ {{policy}}, {{credentials}} }""");
        Write("bindings.json", new JsonObject { ["WsSecurity"] = new JsonObject { ["Bindings"] = _bindings.DeepClone() } }.ToJsonString());
    }

    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    public string Read(string file) => File.ReadAllText(PathOf(file));

    public bool Exists(string file) => File.Exists(PathOf(file));

    public void Write(string file, string content) => File.WriteAllText(PathOf(file), content);

    /// <summary>Runs the tool; names of files are those of this folder.</summary>
    public async Task<Result> RunAsync(string commandLine, byte[]? input = null)
    {
        var args = commandLine.Split(' ').Select(arg => arg.Contains('.', StringComparison.Ordinal) && !arg.Contains(':', StringComparison.Ordinal) ? PathOf(arg) : arg).ToArray();
        using var output = new MemoryStream();
        using var text = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await WssecCommand.RunAsync(args, new CommandStreams { Input = new MemoryStream(input ?? []), Output = output, Out = text, Error = error });
        return new Result(exitCode, text.ToString(), error.ToString(), output.ToArray());
    }

    public Task<Result> ProtectAsync(string input = "plain.xml", string more = "") =>
        RunAsync($"protect --config bindings.json --binding Client --in {input} --out wire.xml{more}");

    public Task<Result> VerifyAsync(string more = "", string input = "wire.xml") =>
        RunAsync($"verify --config bindings.json --binding Service --in {input}{more}");

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Envelope(string soap) =>
        $"""<s:Envelope xmlns:s="{soap}"><s:Body><Order xmlns="urn:orders"><Article>Gnome &amp; Söhne</Article></Order></s:Body></s:Envelope>""";

    private static string CreateRsa(string subject)
    {
        using var key = RSA.Create(2048);
        return CreatePem(new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), key);
    }

    private static string CreateEcdsa(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return CreatePem(new CertificateRequest(subject, key, HashAlgorithmName.SHA256), key);
    }

    private static string CreatePem(CertificateRequest request, AsymmetricAlgorithm key)
    {
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(From, To);
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem();
    }
}

/// <summary>What a run of the tool gave.</summary>
internal sealed record Result(int ExitCode, string Out, string Error, byte[] Output)
{
    public string OutputText => Encoding.UTF8.GetString(Output);

    /// <summary>The first word on standard error.</summary>
    public string Failure => Error.Split(' ', ':', '\n')[0];
}
