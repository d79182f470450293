namespace WsSecurity.Evidence;

/// <summary>Opens stores of one kind for trails that configuration names: <c>"Store": "&lt;Name&gt;", "Location": "…"</c>.</summary>
public interface IEvidenceStoreProvider
{
    /// <summary>The name that <c>Store</c> has for it.</summary>
    string Name { get; }

    /// <summary>Opens a store for writing.</summary>
    /// <param name="location">The value of <c>Location</c>: a path or a connection string.</param>
    /// <param name="basePath">The folder against which relative paths resolve.</param>
    /// <returns>The store.</returns>
    IEvidenceStore Open(string location, string basePath);
}
