using System.Text;
using WsSecurity.Cli;

Console.OutputEncoding = Encoding.UTF8;
using var output = Console.OpenStandardOutput();
using var input = Console.OpenStandardInput();
return await WssecCommand.RunAsync(args, new CommandStreams
{
    Input = input,
    Output = output,
    Out = Console.Out,
    Error = Console.Error,
    Coloured = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
}).ConfigureAwait(false);
