namespace WsSecurity;

/// <summary>What a message's Body gets when the policy names no parts, as WCF's <c>ProtectionLevel</c>.</summary>
public enum ProtectionLevel
{
    /// <summary>Neither signed nor encrypted.</summary>
    None,

    /// <summary>Signed.</summary>
    Sign,

    /// <summary>Signed and encrypted.</summary>
    EncryptAndSign,
}
