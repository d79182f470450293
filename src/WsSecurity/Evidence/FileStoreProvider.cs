namespace WsSecurity.Evidence;

/// <summary>Opens stores for configurations that say nothing, or <c>"Store": "Files"</c>; the location is the folder.</summary>
internal sealed class FileStoreProvider : IEvidenceStoreProvider
{
    public const string Files = "Files";

    public string Name => Files;

    public IEvidenceStore Open(string location, string basePath) => new FileEvidenceStore(Path.Combine(basePath, location));
}
