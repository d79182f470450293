namespace WsSecurity;

/// <summary>How a custom token stands in the Security header.</summary>
public sealed record CustomTokenFormat
{
    private CustomTokenFormat()
    {
    }

    /// <summary>The ValueType of its wsse:BinarySecurityToken; null for an element of its own.</summary>
    public string? ValueType { get; private init; }

    /// <summary>The name of its element; null for a binary token.</summary>
    public QualifiedName? ElementName { get; private init; }

    /// <summary>A wsse:BinarySecurityToken (SOAP Message Security 1.1.1, section 6.3), in Base64.</summary>
    /// <param name="valueType">Its ValueType, a URI.</param>
    public static CustomTokenFormat Binary(string valueType)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(valueType);
        return new CustomTokenFormat { ValueType = valueType };
    }

    /// <summary>An XML element (SOAP Message Security 1.1.1, section 6.4). To be signed or to endorse, it has a <c>wsu:Id</c>.</summary>
    /// <param name="ns">Its namespace.</param>
    /// <param name="name">Its local name.</param>
    public static CustomTokenFormat Element(string ns, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ns);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new CustomTokenFormat { ElementName = new QualifiedName(ns, name) };
    }
}
