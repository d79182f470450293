namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>Where documents come from: a file's folder, or an address's origin. A document never leads anywhere else.</summary>
internal static class DocumentSource
{
    public static PolicyDocuments ReadFile(string path)
    {
        var file = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(file)!.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        using var stream = File.OpenRead(file);

        // Files are opened and read synchronously, so it is complete.
        return PolicyDocuments.LoadAsync(PolicyDocument.Load(stream, new Uri(file)), Open, CancellationToken.None).AsTask().GetAwaiter().GetResult();

        ValueTask<Stream?> Open(Uri address, CancellationToken cancellationToken) => ValueTask.FromResult<Stream?>(
            address.IsFile && !address.IsUnc && Path.GetFullPath(address.LocalPath) is var other && other.StartsWith(folder, StringComparison.Ordinal) && File.Exists(other)
                ? File.OpenRead(other)
                : null);
    }

    public static async Task<PolicyDocuments> ReadAsync(Uri address, HttpClient client, CancellationToken cancellationToken)
    {
        var stream = await client.GetStreamAsync(address, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var main = PolicyDocument.Load(await CopyAsync(stream, cancellationToken).ConfigureAwait(false), address);
            return await PolicyDocuments.LoadAsync(main, Open, cancellationToken).ConfigureAwait(false);
        }

        async ValueTask<Stream?> Open(Uri other, CancellationToken cancellation)
        {
            if (Uri.Compare(address, other, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0)
            {
                return null;
            }

            var response = await client.GetStreamAsync(other, cancellation).ConfigureAwait(false);
            await using (response.ConfigureAwait(false))
            {
                return await CopyAsync(response, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static async Task<MemoryStream> CopyAsync(Stream stream, CancellationToken cancellationToken)
    {
        var copy = new MemoryStream();
        var buffer = new byte[81920];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (copy.Length + count > PolicyDocument.MaxOctets)
            {
                throw new HttpRequestException($"The document has more than {PolicyDocument.MaxOctets} octets.");
            }

            copy.Write(buffer, 0, count);
        }

        copy.Position = 0;
        return copy;
    }
}
