using WsSecurity.Evidence.PostgreSql;
using WsSecurity.Evidence.Sqlite;

namespace WsSecurity.Evidence.Tests;

/// <summary>The kinds of stores, each at a place of its own.</summary>
internal static class Stores
{
    public const string Files = "files";
    public const string Sqlite = "sqlite";
    public const string PostgreSql = "postgresql";

    public static string NewLocation(string kind, TemporaryFolder folder)
    {
        switch (kind)
        {
            case Files:
                return folder.File("trail");
            case Sqlite:
                return folder.File("trail.db");
            default:
                Peers.DemandPostgreSql();
                return PostgreSqlServer.Shared.CreateDatabase();
        }
    }

    public static IEvidenceStore Open(string kind, string location) => kind switch
    {
        Files => new FileEvidenceStore(location),
        Sqlite => new SqliteEvidenceStore(location),
        _ => new PostgreSqlEvidenceStore(location),
    };

    public static IEnumerable<EvidenceEntry> Read(string kind, string location) => kind switch
    {
        Files => FileEvidenceStore.Read(location),
        Sqlite => SqliteEvidenceStore.Read(location),
        _ => PostgreSqlEvidenceStore.Read(location),
    };
}
