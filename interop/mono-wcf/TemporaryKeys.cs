namespace WsSecurity.Interop.MonoWcf;

/// <summary>Fresh keys of an authority of their own, in a folder that is gone with this.</summary>
internal sealed class TemporaryKeys : IDisposable
{
    public TemporaryKeys() => TestKeys.Write(Folder);

    public string Folder { get; } = Directory.CreateTempSubdirectory("wssecurity-mono-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
