namespace WsSecurity.Evidence.Sqlite;

/// <summary>Opens stores for configurations that say <c>"Store": "Sqlite"</c>; the location is the file.</summary>
public sealed class SqliteEvidenceStoreProvider : IEvidenceStoreProvider
{
    /// <inheritdoc/>
    public string Name => "Sqlite";

    /// <inheritdoc/>
    public IEvidenceStore Open(string location, string basePath) => new SqliteEvidenceStore(Path.Combine(basePath, location));
}
