using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using NUnit.Framework;

namespace WsSecurity.Interop.MitKrb5.Realm;

/// <summary>
/// Two realms that trust each other, served by a KDC of MIT Kerberos on loopback: in a folder of their own, as an ordinary process, gone with this.
/// </summary>
internal sealed partial class TemporaryRealm : IDisposable
{
    /// <summary>The realm of the services.</summary>
    public const string Name = "WSS.TEST";

    /// <summary>Another realm, whose principals reach the services.</summary>
    public const string Partner = "PARTNER.TEST";

    /// <summary>The service of the tests.</summary>
    public const string Service = "HTTP/localhost";

    public const string AlicePassword = "wonderland-7";

    public const string BobPassword = "looking-glass-9";

    private const string MasterPassword = "master-of-a-temporary-realm";

    private readonly string _folder = Directory.CreateTempSubdirectory("wssecurity-krb5-").FullName;
    private readonly List<Process> _daemons = [];

    private TemporaryRealm()
    {
    }

    /// <summary><c>krb5.conf</c> of the realms.</summary>
    public string Configuration => PathOf("krb5.conf");

    /// <summary>The keys of the services <c>HTTP/localhost</c> and <c>HTTP/other.wss.test</c>.</summary>
    public string ServiceKeytab => PathOf("service.keytab");

    /// <summary>The keys of <c>alice</c>.</summary>
    public string AliceKeytab => PathOf("alice.keytab");

    /// <summary>Creates the realms and starts their KDC.</summary>
    public static TemporaryRealm Start()
    {
        var realm = new TemporaryRealm();
        try
        {
            realm.Create();
            return realm;
        }
        catch
        {
            realm.Dispose();
            throw;
        }
    }

    public string PathOf(string file) => Path.Combine(_folder, file);

    /// <summary>Has the library of this process read a configuration: of .NET's environment, which is its own, the C library sees nothing.</summary>
    /// <param name="configuration">Another than the realms'.</param>
    public void UseInThisProcess(string? configuration = null)
    {
        foreach (var (name, value) in ClientEnvironment(configuration ?? Configuration))
        {
            Assert.That(SetEnvironment(name, value, 1), Is.Zero);
        }
    }

    /// <summary>Logs a principal in, and gets a ticket for a service, as <c>kinit</c> and <c>kvno</c> do.</summary>
    /// <returns>The credential cache, as the library names it.</returns>
    public string LogIn(string principal, string password, string? service = null) => LogIn(principal, password, service, Configuration, []);

    /// <summary>The same at a KDC whose clock is wrong by a shift as <c>faketime</c> takes it; the client believes it, as <c>kdc_timesync</c> has it.</summary>
    public string LogInAtWrongClock(string shift, string principal, string password, string service, params string[] options)
    {
        var port = FreePort();
        var configuration = PathOf($"krb5-{port}.conf");
        WriteConfiguration(configuration, PathOf($"kdc-{port}.conf"), port);
        var kdc = StartKdc(configuration, PathOf($"kdc-{port}.conf"), port, shift);
        try
        {
            return LogIn(principal, password, service, configuration, options);
        }
        finally
        {
            Stop(kdc);
        }
    }

    /// <summary>Runs a command of <c>kadmin.local</c>.</summary>
    public void Administer(string command, string realm = Name) => Run("kadmin.local", ["-r", realm, "-q", command], null, KdcEnvironment(Configuration, PathOf("kdc.conf")));

    public void Dispose()
    {
        _daemons.ToList().ForEach(Stop);
        Directory.Delete(_folder, recursive: true);
    }

    private void Create()
    {
        var port = FreePort();
        WriteConfiguration(Configuration, PathOf("kdc.conf"), port);
        var environment = KdcEnvironment(Configuration, PathOf("kdc.conf"));
        foreach (var realm in new[] { Name, Partner })
        {
            Run("kdb5_util", ["-r", realm, "-P", MasterPassword, "create", "-s"], null, environment);
        }

        Administer($"addprinc -pw {AlicePassword} alice");
        Administer($"ktadd -norandkey -k {AliceKeytab} alice");
        foreach (var service in new[] { "HTTP/localhost", "HTTP/other.wss.test", "HTTP/unknown.wss.test" })
        {
            Administer($"addprinc -randkey {service}");
        }

        Administer($"ktadd -norandkey -k {ServiceKeytab} HTTP/localhost HTTP/other.wss.test");
        Administer($"addprinc -pw {BobPassword} bob", Partner);
        foreach (var realm in new[] { Name, Partner })
        {
            Administer($"addprinc -pw between-the-realms krbtgt/{Name}@{Partner}", realm);
        }

        StartKdc(Configuration, PathOf("kdc.conf"), port, shift: null);
    }

    private void WriteConfiguration(string client, string kdc, int port)
    {
        File.WriteAllText(client, $$"""
            [libdefaults]
              default_realm = {{Name}}
              dns_lookup_kdc = false
              dns_lookup_realm = false
              dns_canonicalize_hostname = false
              rdns = false
              udp_preference_limit = 1
            [realms]
              {{Name}} = {
                kdc = 127.0.0.1:{{port}}
              }
              {{Partner}} = {
                kdc = 127.0.0.1:{{port}}
              }
            [domain_realm]
              localhost = {{Name}}
              .wss.test = {{Name}}

            """);
        var realms = string.Concat(new[] { Name, Partner }.Select(realm => $$"""
              {{realm}} = {
                database_name = {{PathOf(realm + ".db")}}
                key_stash_file = {{PathOf(realm + ".stash")}}
                acl_file = {{PathOf("acl")}}
                kdc_listen = 127.0.0.1:{{port}}
                kdc_tcp_listen = 127.0.0.1:{{port}}
                max_life = 10h
                supported_enctypes = aes256-cts-hmac-sha1-96:normal aes128-cts-hmac-sha1-96:normal
              }

            """));
        File.WriteAllText(kdc, $"[kdcdefaults]\n  kdc_listen = 127.0.0.1:{port}\n  kdc_tcp_listen = 127.0.0.1:{port}\n[realms]\n{realms}");
    }

    private Process StartKdc(string configuration, string kdc, int port, string? shift)
    {
        string[] arguments = [KerberosPeer.Find("krb5kdc"), "-n", "-r", Name, "-r", Partner, "-P", PathOf($"kdc-{port}.pid")];
        var start = new ProcessStartInfo(KerberosPeer.Find(shift is null ? "krb5kdc" : "faketime"), shift is null ? arguments[1..] : ["-f", shift, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in KdcEnvironment(configuration, kdc))
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        _daemons.Add(process);
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        WaitUntilListening(process, port);
        return process;
    }

    private static void WaitUntilListening(Process process, int port)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (started.Elapsed < TimeSpan.FromSeconds(20) && !process.HasExited)
            {
                Thread.Sleep(20);
            }
        }
    }

    private void Stop(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(TimeSpan.FromSeconds(10));
        }

        process.Dispose();
        _daemons.Remove(process);
    }

    private string LogIn(string principal, string password, string? service, string configuration, string[] options)
    {
        var cache = $"FILE:{PathOf($"cache-{Guid.NewGuid():N}")}";
        var environment = ClientEnvironment(configuration);
        Run("kinit", ["-c", cache, .. options, principal], password + "\n", environment);
        if (service is not null)
        {
            Run("kvno", ["-c", cache, service], null, environment);
        }

        return cache;
    }

    private Dictionary<string, string> ClientEnvironment(string configuration) => new()
    {
        ["KRB5_CONFIG"] = configuration,
        ["KRB5CCNAME"] = $"FILE:{PathOf("no-cache")}",
        ["KRB5_KTNAME"] = PathOf("no-keytab"),
        ["KRB5_CLIENT_KTNAME"] = PathOf("no-keytab"),
        ["KRB5RCACHEDIR"] = _folder,
    };

    private Dictionary<string, string> KdcEnvironment(string configuration, string kdc)
    {
        var environment = ClientEnvironment(configuration);
        environment["KRB5_KDC_PROFILE"] = kdc;
        return environment;
    }

    private static void Run(string program, string[] arguments, string? input, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(KerberosPeer.Find(program), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => output.AppendLine(line.Data);
        process.ErrorDataReceived += (_, line) => output.AppendLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} does not end.");
        }

        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {output}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
