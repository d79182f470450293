using System.Security.Cryptography;
using WsSecurity.Tokens;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Exchanges;

/// <summary>What a reply needs of its request. Its secrets are zeroed when it is over.</summary>
internal sealed class Exchange : IDisposable
{
    /// <summary>The values of the request's signatures, for SignatureConfirmation.</summary>
    public required IReadOnlyList<byte[]> SignatureValues { get; init; }

    /// <summary>The key that the request's EncryptedKey brought; null in the other bindings.</summary>
    public required SymmetricKey? Key { get; init; }

    /// <summary>The version of WS-SecureConversation in which the request derived keys; null where it derived none, or where the request is ours.</summary>
    public SecureConversationVersion? SecureConversationVersion { get; init; }

    /// <summary>The certificate that signed the request; null where none did.</summary>
    public CertificateEntry? Signer { get; init; }

    /// <summary>The request's WS-Addressing MessageID.</summary>
    public required string? MessageId { get; init; }

    /// <summary>The request's action.</summary>
    public required string? Action { get; init; }

    /// <summary>The keys under which the replay cache remembers the request.</summary>
    public IReadOnlyList<string> ReplayKeys { get; init; } = [];

    /// <summary>What evidence calls the exchange: random, and the same for request and reply.</summary>
    public string Name => field ??= NewName();

    public bool IsOver { get; private set; }

    public static string NewName() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public void Dispose()
    {
        IsOver = true;
        Key?.Dispose();
    }
}
