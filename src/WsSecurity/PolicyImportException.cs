namespace WsSecurity;

/// <summary>A policy that was read cannot be honoured as it stands. Every assertion that is not supported is named; none was passed over.</summary>
public sealed class PolicyImportException : Exception
{
    internal PolicyImportException(string name, IReadOnlyList<string> unsupported)
        : base($"The policy of '{name}' is not supported: {string.Join("; ", unsupported)}.")
    {
        Name = name;
        Unsupported = unsupported;
    }

    /// <summary>Whose policy it is: the name of a WSDL's binding or port, or the policy's Id.</summary>
    public string Name { get; }

    /// <summary>Every assertion that is not supported: its path, its line, and why.</summary>
    public IReadOnlyList<string> Unsupported { get; }
}
