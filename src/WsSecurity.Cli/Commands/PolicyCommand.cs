using System.CommandLine;
using System.Xml;
using WsSecurity.Cli.Policies;

namespace WsSecurity.Cli.Commands;

/// <summary><c>wssec policy</c>: shows the policies that a WSDL publishes, and converts one.</summary>
internal sealed class PolicyCommand
{
    private readonly CommandStreams _streams;
    private readonly Option<string> _input = MessageFile.InOption("The WSDL or WS-Policy document; - reads standard input.");
    private readonly Option<string?> _name = new("--name", "-n") { Description = "The binding, port or policy; all of them where it is not given.", HelpName = "name" };
    private readonly Option<string> _from = new("--from") { Description = "What the document is.", DefaultValueFactory = _ => "wsdl" };
    private readonly Option<string> _to = new("--to") { Description = "json: a binding of appsettings.json; policy: WS-Policy 1.5.", Required = true };

    private PolicyCommand(CommandStreams streams)
    {
        _streams = streams;
        _from.AcceptOnlyFromAmong("wsdl");
        _to.AcceptOnlyFromAmong("json", "policy");
    }

    public static Command Create(CommandStreams streams)
    {
        var policy = new PolicyCommand(streams);
        var show = new Command("show", "Prints every policy of a document in words, or which of its assertions are not supported.")
        {
            policy._from, policy._input, policy._name,
        };
        show.SetAction(policy.ShowAsync);
        var convert = new Command("convert", "Writes a policy of a document as a binding's configuration, or as WS-Policy in normal form.")
        {
            policy._from, policy._input, policy._name, policy._to,
        };
        convert.SetAction(policy.ConvertAsync);
        return new Command("policy", "Reads the policies that services publish (WS-SecurityPolicy 1.1, 1.2 and 1.3).") { show, convert };
    }

    private async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var imports = await ReadAsync(parsed, cancellationToken).ConfigureAwait(false);
        foreach (var import in imports)
        {
            PolicyText.Write(import, _streams.Out);
        }

        return imports.All(import => import.IsImported) ? ExitCode.Accepted : ExitCode.Refused;
    }

    private async Task<int> ConvertAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var imports = await ReadAsync(parsed, cancellationToken).ConfigureAwait(false);
        if (imports.Count > 1)
        {
            throw new UsageException($"--name: the document has several policies: {string.Join(", ", imports.Select(import => import.Name))}.");
        }

        var import = imports[0];
        if (!import.IsImported)
        {
            await _streams.Error.WriteLineAsync(import.Refusal.Message).ConfigureAwait(false);
            return ExitCode.Refused;
        }

        try
        {
            // A colon separates the keys of a configuration.
            var text = parsed.GetRequiredValue(_to) == "json" ? BindingJson.Write(import.Name.Replace(':', '_'), import.Policy) : import.Policy.ToWsPolicy().ToString();
            await _streams.Out.WriteLineAsync(text).ConfigureAwait(false);
            return ExitCode.Accepted;
        }
        catch (NotSupportedException exception)
        {
            await _streams.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return ExitCode.Refused;
        }
    }

    private async Task<IReadOnlyList<PolicyImport>> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = parsed.GetRequiredValue(_input);
        using var document = new MemoryStream(await MessageFile.ReadAsync(path, _streams, cancellationToken).ConfigureAwait(false));
        IReadOnlyList<PolicyImport> imports;
        try
        {
            imports = PolicyImport.ReadAll(document);
        }
        catch (Exception exception) when (exception is XmlException or PolicyImportException)
        {
            throw new UsageException($"{path}: {exception.Message}");
        }

        var name = parsed.GetValue(_name);
        var found = name is null ? imports : [.. imports.Where(import => import.Name == name)];
        return found.Count > 0
            ? found
            : throw new UsageException(imports.Count == 0
                ? $"{path} has no policy."
                : $"{path} has no policy of the name '{name}'; it has: {string.Join(", ", imports.Select(import => import.Name))}.");
    }
}
