using System.Buffers;
using System.CommandLine;

namespace WsSecurity.Cli.Commands;

/// <summary>Reads and writes envelopes; <c>-</c> is the standard stream.</summary>
internal static class MessageFile
{
    private const string Standard = "-";

    public static Option<string> InOption(string description) => new("--in", "-i") { Description = description, Required = true, HelpName = "file" };

    public static bool IsStandard(string? path) => path == Standard;

    public static async Task<byte[]> ReadAsync(string path, CommandStreams streams, CancellationToken cancellationToken)
    {
        try
        {
            if (!IsStandard(path))
            {
                return await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
            }

            using var copy = new MemoryStream();
            await streams.Input.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
            return copy.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: {exception.Message}");
        }
    }

    public static async Task WriteAsync(string path, ReadOnlySequence<byte> octets, CommandStreams streams, CancellationToken cancellationToken)
    {
        try
        {
            if (IsStandard(path))
            {
                await WriteAsync(streams.Output, octets, cancellationToken).ConfigureAwait(false);
                return;
            }

            var file = File.Create(path);
            await using (file.ConfigureAwait(false))
            {
                await WriteAsync(file, octets, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be written: {exception.Message}");
        }
    }

    private static async Task WriteAsync(Stream stream, ReadOnlySequence<byte> octets, CancellationToken cancellationToken)
    {
        foreach (var segment in octets)
        {
            await stream.WriteAsync(segment, cancellationToken).ConfigureAwait(false);
        }

        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
