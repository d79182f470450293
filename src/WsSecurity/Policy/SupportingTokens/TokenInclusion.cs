namespace WsSecurity.Policy.SupportingTokens;

/// <summary>
/// Whether a certificate travels or is named (WS-SecurityPolicy 1.3, section 5.1); by default the client's travels and the service's does not, as in WCF.
/// </summary>
internal static class TokenInclusion
{
    /// <summary>The token of the message signature.</summary>
    public static bool Travels(SecurityPolicy policy, bool isReply) => Travels(policy, policy.InclusionMode, policy.KeyReference, isReply);

    /// <summary>A supporting token, which may have its own words.</summary>
    public static bool Travels(SecurityPolicy policy, SupportingToken token, bool isReply)
    {
        if (token.InclusionMode == SecurityTokenInclusionMode.Default && token.KeyReference != KeyReference.Default)
        {
            return token.KeyReference == KeyReference.BinarySecurityToken;
        }

        return Travels(policy, token.InclusionMode == SecurityTokenInclusionMode.Default ? policy.InclusionMode : token.InclusionMode, policy.KeyReference, isReply);
    }

    private static bool Travels(SecurityPolicy policy, SecurityTokenInclusionMode mode, KeyReference reference, bool isReply) => mode switch
    {
        SecurityTokenInclusionMode.Never => false,
        SecurityTokenInclusionMode.AlwaysToInitiator => isReply,
        SecurityTokenInclusionMode.AlwaysToRecipient or SecurityTokenInclusionMode.Once => !isReply,
        _ when isReply => policy.AllowSerializedSigningTokenOnReply,
        _ => reference is KeyReference.Default or KeyReference.BinarySecurityToken,
    };
}
