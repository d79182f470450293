namespace WsSecurity;

/// <summary>Names headers or elements of a message: one by its name, or all of a namespace.</summary>
/// <param name="Namespace">The namespace URI.</param>
/// <param name="Name">The local name; null means every name of the namespace.</param>
public sealed record QualifiedName(string Namespace, string? Name = null)
{
    /// <inheritdoc/>
    public override string ToString() => $"{{{Namespace}}}{Name ?? "*"}";
}
