using NUnit.Framework;
using WsSecurity.Interop;

namespace WsSecurity.Evidence.Tests;

/// <summary>Debian packages that tests run. Where one is missing the tests are skipped, unless WSSECURITY_REQUIRE_PEERS names it.</summary>
internal static class Peers
{
    /// <summary>The folder of PostgreSQL's programs; null where it is not installed.</summary>
    public static string? PostgreSql { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin")).LastOrDefault(folder => File.Exists(Path.Combine(folder, "postgres")))
        : null;

    /// <summary>The openssl program; null where it is not installed.</summary>
    public static string? OpenSsl { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, "openssl")).FirstOrDefault(File.Exists);

    public static void DemandPostgreSql() => Demand("postgresql", PostgreSql, "PostgreSQL is not installed: apt-get install postgresql.");

    public static void DemandOpenSsl() => Demand("openssl", OpenSsl, "OpenSSL is not installed: apt-get install openssl.");

    private static void Demand(string name, string? found, string missing)
    {
        if (found is not null)
        {
            return;
        }

        if (RequiredPeers.Has(name))
        {
            Assert.Fail(missing);
        }

        Assert.Ignore(missing);
    }
}
