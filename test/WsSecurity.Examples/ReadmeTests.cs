using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace WsSecurity.Examples;

/// <summary>Every C# block of the README stands, line for line, between markers in an example that this project compiles and runs.</summary>
public sealed class ReadmeTests
{
    private static readonly string Root = FindRoot();

    [Test]
    public void Readme_EveryCodeBlock_IsCompiledHere()
    {
        var examples = Directory.GetFiles(Path.Combine(Root, "test", "WsSecurity.Examples"), "*.cs").SelectMany(file => ReadExamples(File.ReadAllLines(file))).ToList();
        var blocks = ReadBlocks(File.ReadAllLines(Path.Combine(Root, "README.md"))).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(blocks, Is.Not.Empty);
            foreach (var block in blocks)
            {
                Assert.That(examples, Does.Contain(block), $"This block of README.md is no example:\n{block}");
            }
        }
    }

    [Test]
    public void Readme_BindingConfiguration_IsAClientAndAServiceThatFit()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            WriteKeys(folder.FullName, "client");
            WriteKeys(folder.FullName, "service");
            var file = Path.Combine(folder.FullName, "bindings.json");
            File.WriteAllText(file, ReadBlocks(File.ReadAllLines(Path.Combine(Root, "README.md")), "```json").Single(block => block.Contains("OrdersClient", StringComparison.Ordinal)));
            var configuration = new ConfigurationBuilder().AddJsonFile(file).Build();
            var options = new BindingConfigurationOptions { BasePath = folder.FullName };
            var client = BindingConfiguration.Load(configuration, "OrdersClient", options);
            var service = BindingConfiguration.Load(configuration, "Orders", options);

            var wire = new ArrayBufferWriter<byte>();
            var plain = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><ping xmlns=\"urn:x\"/></s:Body></s:Envelope>"u8.ToArray();
            using var pending = new Initiator(client.Policy, client.Credentials).ProtectRequest(plain, MessageContext.Empty, wire);
            using var request = new Recipient(service.Policy, service.Credentials).VerifyRequest(wire.WrittenMemory, MessageContext.Empty);
            Assert.That(request.Message.Principal.Identity!.Name, Is.EqualTo("CN=client"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void Readme_KerberosConfiguration_IsReadAsAClientAndAService()
    {
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(
            ReadBlocks(File.ReadAllLines(Path.Combine(Root, "README.md")), "```json").Single(block => block.Contains("StaffClient", StringComparison.Ordinal))));
        var configuration = new ConfigurationBuilder().AddJsonStream(json).Build();
        var client = BindingConfiguration.Load(configuration, "StaffClient");
        var service = BindingConfiguration.Load(configuration, "Staff");

        Assert.That(client.Policy, Is.EqualTo(SecurityPolicy.Kerberos));
        Assert.That(client.Credentials.KerberosClient!.ServicePrincipal, Is.EqualTo(service.Credentials.KerberosService!.Principal));
        Assert.That(service.Credentials.TrustDomains.Single().KerberosRealms, Is.EqualTo(new[] { "EXAMPLE.COM" }));
    }

    private static void WriteKeys(string folder, string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(folder, name + ".pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, name + ".key"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The blocks of the README in a language.</summary>
    internal static IEnumerable<string> ReadBlocks(string fence) => ReadBlocks(File.ReadAllLines(Path.Combine(Root, "README.md")), fence);

    private static IEnumerable<string> ReadExamples(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].TrimStart().StartsWith("// readme: ", StringComparison.Ordinal) && !lines[i].EndsWith(" end", StringComparison.Ordinal))
            {
                var end = Array.FindIndex(lines, i + 1, line => line.TrimStart() == "// readme: end");
                yield return Normalize(lines[(i + 1)..end]);
            }
        }
    }

    private static IEnumerable<string> ReadBlocks(string[] lines, string fence = "```csharp")
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] == fence)
            {
                var end = Array.IndexOf(lines, "```", i);
                yield return Normalize(lines[(i + 1)..end]);
                i = end;
            }
        }
    }

    private static string Normalize(string[] lines)
    {
        var indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => (line.Length > indent ? line[indent..] : string.Empty).TrimEnd())).Trim('\n');
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WsSecurity.Wcf.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
