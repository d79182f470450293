using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Interop.SoftHsm;

/// <summary>A PKCS#11 token of SoftHSM for this run, with keys that were made in it and never leave it.</summary>
[SetUpFixture]
[SupportedOSPlatform("linux")]
internal sealed partial class Token
{
    private const string Label = "wssecurity";
    private const string Pin = "1234";
    private static readonly RSA IssuerKey = RSA.Create(2048);
    private static string? _folder;

    /// <summary>Who issued the certificates of the token's keys.</summary>
    public static X509Certificate2 Issuer { get; } = CreateIssuer();

    /// <summary>Why there is no token here, or null when there is one.</summary>
    public static string? Missing { get; } =
        !OperatingSystem.IsLinux() ? "PKCS#11 by OpenSSL's engine is tested on Linux."
        : Find("libsofthsm2.so") is null || Find("engines-3/pkcs11.so") is null || !IsInstalled("softhsm2-util") || !IsInstalled("pkcs11-tool")
            ? "SoftHSM is not installed: apt-get install softhsm2 opensc libengine-pkcs11-openssl."
            : null;

    /// <summary>Leaves a fixture out where there is no token, in one line, unless it is required.</summary>
    public static void Require()
    {
        if (Missing is not null)
        {
            Assert.That(RequiredPeers.Has("softhsm"), Is.False, Missing);
            Assert.Ignore(Missing);
        }
    }

    /// <summary>An RSA key of the token.</summary>
    public static RSA OpenRsa(string name) => new RSAOpenSsl(Open(name));

    /// <summary>An ECDSA key of the token.</summary>
    public static ECDsa OpenEcdsa(string name) => new ECDsaOpenSsl(Open(name));

    /// <summary>A certificate whose private key is the token's.</summary>
    public static X509Certificate2 Certify(RSA key, string name)
    {
        using var certificate = Certify(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>A certificate whose private key is the token's.</summary>
    public static X509Certificate2 Certify(ECDsa key, string name)
    {
        using var certificate = Certify(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256));
        return certificate.CopyWithPrivateKey(key);
    }

    [OneTimeSetUp]
    public static void Start()
    {
        if (Missing is not null)
        {
            return;
        }

        _folder = Directory.CreateTempSubdirectory("wssecurity-softhsm-").FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "tokens"));
        var settings = Path.Combine(_folder, "softhsm2.conf");
        File.WriteAllText(settings, $"directories.tokendir = {_folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n");

        // The engine and the module read the environment of the process, which is not the one that .NET keeps.
        SetEnvironment("SOFTHSM2_CONF", settings, 1);
        SetEnvironment("PKCS11_MODULE_PATH", Find("libsofthsm2.so")!, 1);
        Environment.SetEnvironmentVariable("SOFTHSM2_CONF", settings);
        Run("softhsm2-util", "--init-token", "--free", "--label", Label, "--pin", Pin, "--so-pin", "5678");
        Generate("rsa", "rsa:2048", "01");
        Generate("other", "rsa:2048", "02");
        Generate("ec", "EC:prime256v1", "03");
    }

    [OneTimeTearDown]
    public static void Stop()
    {
        Issuer.Dispose();
        IssuerKey.Dispose();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static SafeEvpPKeyHandle Open(string name) =>
        SafeEvpPKeyHandle.OpenPrivateKeyFromEngine("pkcs11", $"pkcs11:token={Label};object={name};type=private?pin-value={Pin}");

    private static X509Certificate2 Certify(CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var signer = X509SignatureGenerator.CreateForRSA(IssuerKey, RSASignaturePadding.Pkcs1);
        return request.Create(Issuer.SubjectName, signer, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddHours(1), RandomNumberGenerator.GetBytes(8));
    }

    private static X509Certificate2 CreateIssuer()
    {
        var request = new CertificateRequest("CN=Issuer", IssuerKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }

    private static void Generate(string name, string kind, string id) => Run(
        "pkcs11-tool", "--module", Find("libsofthsm2.so")!, "--token-label", Label, "--login", "--pin", Pin, "--keypairgen", "--key-type", kind, "--label", name, "--id", id);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{program}: {output}{error.Result}");
    }

    private static string? Find(string library) =>
        Array.Find([$"/usr/lib/{Multiarch}/softhsm/{library}", $"/usr/lib/softhsm/{library}", $"/usr/lib/{Multiarch}/{library}"], File.Exists);

    private static string Multiarch => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
