using System.Security.Cryptography;

namespace WsSecurity.Exchanges;

/// <summary>Ids of what we write: random, so that nobody can foresee one and place a second.</summary>
internal static class Ids
{
    public static string New(string kind) => $"{kind}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}";
}
