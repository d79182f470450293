using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using WsSecurity.Evidence;

namespace WsSecurity.Cli.Commands;

/// <summary><c>wssec evidence</c>: reads trails of evidence and verifies them, offline.</summary>
internal sealed class EvidenceCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly CommandStreams _streams;
    private readonly EvidenceSource _source = new();
    private readonly Option<long> _sequence = new("--sequence", "-n") { Description = "The record's number.", Required = true, HelpName = "number" };

    private readonly Option<string?> _content = new("--out", "-o")
    {
        Description = "Receives the record's octets: the message as it was on the wire, a checkpoint's signature (CMS), a timestamp token (RFC 3161); - writes to standard output.",
        HelpName = "file",
    };

    private readonly Option<string?> _header = new("--header-out") { Description = "Receives the record's header as it was chained and signed.", HelpName = "file" };
    private readonly Option<string> _export = new("--out", "-o") { Description = "Receives the whole trail, to be read by --in elsewhere.", Required = true, HelpName = "file" };

    private EvidenceCommand(CommandStreams streams) => _streams = streams;

    public static Command Create(CommandStreams streams)
    {
        var evidence = new EvidenceCommand(streams);
        var list = new Command("list", "Prints a line for each record.");
        evidence._source.AddTo(list);
        list.SetAction(evidence.ListAsync);
        var show = new Command("show", "Prints what a record says, and writes its octets.") { evidence._sequence, evidence._content, evidence._header };
        evidence._source.AddTo(show);
        show.SetAction(evidence.ShowAsync);
        var export = new Command("export", "Copies a trail, octet by octet, into one file.") { evidence._export };
        evidence._source.AddTo(export);
        export.SetAction(evidence.ExportAsync);
        return new Command("evidence", "Reads and verifies trails of evidence, offline.") { EvidenceVerifyCommand.Create(streams), list, show, export };
    }

    private async Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        foreach (var record in _source.Read(parsed).Select(Read))
        {
            cancellationToken.ThrowIfCancellationRequested();
            string?[] fields =
            [
                record.Sequence.ToString(CultureInfo.InvariantCulture).PadLeft(8),
                record.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                (record.Direction?.ToString() ?? record.Kind).PadRight(15),
                record.Endpoint,
                record.Action,
                record.Failure is { } failure ? $"refused: {failure}" : string.Join(", ", record.Tokens),
            ];
            await _streams.Out.WriteLineAsync(string.Join("  ", fields.Where(field => !string.IsNullOrEmpty(field))).TrimEnd()).ConfigureAwait(false);
        }

        return ExitCode.Accepted;
    }

    private async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var sequence = parsed.GetValue(_sequence);
        var entry = _source.Read(parsed).FirstOrDefault(entry => entry.Sequence == sequence) ?? throw new UsageException($"--sequence: the trail has no record {sequence}.");
        var record = Read(entry);
        if (parsed.GetValue(_header) is { } header)
        {
            await MessageFile.WriteAsync(header, new(record.Header), _streams, cancellationToken).ConfigureAwait(false);
        }

        var path = parsed.GetValue(_content);
        if (path is not null)
        {
            await MessageFile.WriteAsync(path, new(record.Content), _streams, cancellationToken).ConfigureAwait(false);
        }

        using var document = JsonDocument.Parse(record.Header);
        var text = MessageFile.IsStandard(path) || MessageFile.IsStandard(parsed.GetValue(_header)) ? _streams.Error : _streams.Out;
        await text.WriteLineAsync(JsonSerializer.Serialize(document, Indented)).ConfigureAwait(false);
        return ExitCode.Accepted;
    }

    private async Task<int> ExportAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = parsed.GetRequiredValue(_export);
        try
        {
            var file = File.Create(path);
            await using (file.ConfigureAwait(false))
            {
                FileEvidenceStore.Export(_source.Read(parsed), file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be written: {exception.Message}");
        }

        cancellationToken.ThrowIfCancellationRequested();
        return ExitCode.Accepted;
    }

    private static EvidenceRecord Read(EvidenceEntry entry)
    {
        try
        {
            return EvidenceRecord.Read(entry);
        }
        catch (FormatException exception)
        {
            throw new EvidenceException(EvidenceFailure.RecordAltered, $"Record {entry.Sequence} cannot be read: {exception.Message}", exception);
        }
    }
}
