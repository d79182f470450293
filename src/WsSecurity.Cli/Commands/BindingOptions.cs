using System.CommandLine;
using Microsoft.Extensions.Configuration;

namespace WsSecurity.Cli.Commands;

/// <summary>The options that say by which binding, and the loading of it.</summary>
internal sealed class BindingOptions
{
    private readonly Option<string> _config = new("--config", "-c")
    {
        Description = "The JSON file with the binding, below WsSecurity:Bindings; relative paths in it resolve against its folder.",
        Required = true,
        HelpName = "file",
    };

    private readonly Option<string> _binding = new("--binding", "-b") { Description = "The binding's name.", Required = true, HelpName = "name" };

    private readonly Option<string?> _action = new("--action")
    {
        Description = "The action that travels outside of the envelope (SOAPAction, or the media type's action).",
        HelpName = "uri",
    };

    private readonly Option<bool> _transportProtected = new("--transport-protected")
    {
        Description = "The message travels over TLS, as the modes …OverTransport demand.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_binding);
        command.Options.Add(_action);
        command.Options.Add(_transportProtected);
    }

    public MessageContext ReadContext(ParseResult parsed) =>
        new() { Action = parsed.GetValue(_action), IsTransportProtected = parsed.GetValue(_transportProtected) };

    public BindingConfiguration Load(ParseResult parsed)
    {
        var file = Path.GetFullPath(parsed.GetRequiredValue(_config));
        var folder = Path.GetDirectoryName(file)!;

        // The tool serves who writes the file, wherever that is; what hosts refuse in production they still refuse.
        var options = new BindingConfigurationOptions { BasePath = folder, EnvironmentName = "Development" };
        return BindingConfiguration.Load(Read(file), parsed.GetRequiredValue(_binding), options);
    }

    /// <summary>Creates a role; a policy that contradicts itself or its credentials is a matter of the configuration.</summary>
    public T CreateRole<T>(ParseResult parsed, Func<T> create)
    {
        try
        {
            return create();
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"WsSecurity:Bindings:{parsed.GetRequiredValue(_binding)}: {exception.Message}");
        }
    }

    /// <summary>Reads a configuration file.</summary>
    public static IConfigurationRoot Read(string file)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(file, optional: false, reloadOnChange: false).Build();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
        {
            throw new UsageException($"The configuration {file} cannot be read: {(exception.InnerException ?? exception).Message}");
        }
    }
}
