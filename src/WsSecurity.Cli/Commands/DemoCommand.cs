using System.CommandLine;
using WsSecurity.Cli.Demo;

namespace WsSecurity.Cli.Commands;

/// <summary><c>wssec demo</c>.</summary>
internal static class DemoCommand
{
    public static Command Create(CommandStreams streams)
    {
        var command = new Command(
            "demo", "Shows a protected call from end to end: makes keys, starts a service, calls it, shows the wire, and tampers with it.");
        command.SetAction((_, cancellationToken) => new DemoRun(new Terminal(streams.Out, streams.Coloured)).RunAsync(cancellationToken));
        return command;
    }
}
