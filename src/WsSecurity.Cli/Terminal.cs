namespace WsSecurity.Cli;

/// <summary>Colours of a terminal (ECMA-48), or none.</summary>
internal sealed class Terminal(TextWriter output, bool coloured)
{
    private const char Escape = '\x1b';

    public void WriteLine(string text = "") => output.WriteLine(text);

    public string Bold(string text) => Style(text, "1");

    public string Dim(string text) => Style(text, "2");

    /// <summary>What is signed, valid, accepted.</summary>
    public string Green(string text) => Style(text, "32");

    /// <summary>What is encrypted.</summary>
    public string Magenta(string text) => Style(text, "35");

    /// <summary>What is refused.</summary>
    public string Red(string text) => Style(text, "1;31");

    public string Yellow(string text) => Style(text, "33");

    private string Style(string text, string code) => coloured ? $"{Escape}[{code}m{text}{Escape}[0m" : text;
}
