using System.Security.Cryptography.X509Certificates;

namespace WsSecurity;

/// <summary>A certificate as a configuration names it: to be found in a store of the user or the machine.</summary>
public sealed record StoreCertificate
{
    /// <summary>Whose store.</summary>
    public required StoreLocation StoreLocation { get; init; }

    /// <summary>Which store.</summary>
    public required StoreName StoreName { get; init; }

    /// <summary>By what it is found.</summary>
    public required X509FindType FindType { get; init; }

    /// <summary>What it has there.</summary>
    public required string FindValue { get; init; }

    internal string Where { get; init; } = string.Empty;
}
