using WsSecurity.Policy;

namespace WsSecurity.Exchanges;

/// <summary>What stands in a Security header, in the order that the Strict layout demands (WS-SecurityPolicy 1.3, section 6.7.1).</summary>
internal sealed class OutgoingHeader(SecurityPolicy policy, MessageRequirements required, OutgoingEncryption? encryption)
{
    public required HeaderItem? Timestamp { get; init; }

    /// <summary>The token of the message signature, which comes in front of everything else.</summary>
    public required HeaderItem? Token { get; init; }

    public required IReadOnlyList<OutgoingToken> Tokens { get; init; }

    public required IReadOnlyList<HeaderItem> Confirmations { get; init; }

    public required HeaderItem? Signature { get; init; }

    public List<HeaderItem> Arrange()
    {
        var encryptsFirst = policy.MessageProtectionOrder == MessageProtectionOrder.EncryptBeforeSign;

        // An HMAC needs its key in front. Ciphertext that is signed must be verified before it is decrypted, so its list comes behind.
        var keyComesFirst = !encryptsFirst || required.Kind == BindingKind.Symmetric;
        var hasOwnList = encryption is not null && (!encryption.KeyHoldsList || encryption.DerivesKeys || (keyComesFirst && (encryptsFirst || (policy.ProtectTokens && required.Kind == BindingKind.Symmetric))));
        HeaderItem? key = encryption is { BringsKey: true } ? encryption.WriteKey(withReferences: !hasOwnList) : null;
        HeaderItem? list = hasOwnList && encryption!.HasEncryptedParts ? encryption.WriteReferenceList() : null;
        var derived = encryption?.DerivedKeyTokens(signs: Signature is not null) ?? [];
        var clearTokens = Tokens.Where(present => !required.IsEncrypted(present.Required)).Select(present => present.Item);
        var encryptedTokens = Tokens.Where(present => required.IsEncrypted(present.Required)).Select(present => present.Item);
        var endorsements = Tokens.Select(present => present.Endorsement);
        var derivedToEndorse = Tokens.Select(present => present.Endorsement is null ? null : present.Key?.DerivedKeyToken);

        // An endorsing signature comes behind its token, which where it is encrypted comes behind its list.
        IEnumerable<HeaderItem?> items = encryptsFirst && encryption is not null
            ? [Timestamp, Token, keyComesFirst ? key : null, .. derived, .. Confirmations, .. clearTokens, Signature, keyComesFirst ? null : key, list, .. encryptedTokens, .. derivedToEndorse, .. endorsements]
            : [Timestamp, Token, key, .. derived, list, .. clearTokens, .. encryptedTokens, .. Confirmations, Signature, .. derivedToEndorse, .. endorsements];
        var header = items.OfType<HeaderItem>().ToList();
        if (policy.SecurityHeaderLayout == SecurityHeaderLayout.LaxTimestampLast && Timestamp is not null)
        {
            header.Remove(Timestamp);
            header.Add(Timestamp);
        }

        return header;
    }
}
