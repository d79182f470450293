namespace WsSecurity.Evidence.PostgreSql;

/// <summary>Opens stores for configurations that say <c>"Store": "PostgreSql"</c>; the location is a connection string of Npgsql.</summary>
public sealed class PostgreSqlEvidenceStoreProvider : IEvidenceStoreProvider
{
    /// <inheritdoc/>
    public string Name => "PostgreSql";

    /// <inheritdoc/>
    public IEvidenceStore Open(string location, string basePath) => new PostgreSqlEvidenceStore(location);
}
