namespace WsSecurity.Policy.SupportingTokens;

/// <summary>The three things that a kind of supporting token may mean, taken apart (WS-SecurityPolicy 1.3, section 8).</summary>
internal static class SupportingTokenKinds
{
    public static bool IsSigned(this SupportingTokenKind kind) => kind is SupportingTokenKind.Signed or SupportingTokenKind.SignedEncrypted
        or SupportingTokenKind.SignedEndorsing or SupportingTokenKind.SignedEndorsingEncrypted;

    public static bool IsEncrypted(this SupportingTokenKind kind) => kind is SupportingTokenKind.Encrypted or SupportingTokenKind.SignedEncrypted
        or SupportingTokenKind.EndorsingEncrypted or SupportingTokenKind.SignedEndorsingEncrypted;

    public static bool Endorses(this SupportingTokenKind kind) => kind is SupportingTokenKind.Endorsing or SupportingTokenKind.SignedEndorsing
        or SupportingTokenKind.EndorsingEncrypted or SupportingTokenKind.SignedEndorsingEncrypted;
}
