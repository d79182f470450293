using WsSecurity.Policy.SupportingTokens;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>A supporting token as a policy states it: how a certificate of it travels and is named stands beside it.</summary>
/// <param name="Token">The token, without <see cref="SupportingToken.KeyReference"/> and <see cref="SupportingToken.InclusionMode"/>.</param>
/// <param name="Inclusion">When it travels with requests.</param>
/// <param name="Reference">How it is named.</param>
internal sealed record StatedToken(SupportingToken Token, RequestInclusion Inclusion = RequestInclusion.AlwaysToRecipient, KeyReference Reference = KeyReference.Default)
{
    /// <summary>Whether it is of WS-SecurityPolicy 1.1, which cannot say that a signed token is encrypted.</summary>
    public bool IsOfVersion11 { get; init; }

    /// <summary>Whether what it signs by is derived from its key.</summary>
    public bool DerivesKeys { get; init; }

    /// <summary>The form of a Kerberos ticket; null for other tokens.</summary>
    public KerberosTokenForm? KerberosForm { get; init; }
}

/// <summary>Says in one way only when certificates travel with requests and how they are named (WS-SecurityPolicy 1.3, section 5.1).</summary>
internal static class CertificateInclusion
{
    /// <summary>Whether a token is a certificate that need not be in the message.</summary>
    public static bool MayBeNamed(SupportingToken token) => token.Type == SecurityTokenType.X509 && !SupportingTokensCheck.Travels(token);

    /// <summary>Of the certificate that signs.</summary>
    public static RequestInclusion Of(SecurityPolicy policy) => Of(policy.InclusionMode, policy.KeyReference);

    /// <summary>Of a supporting token, which may have its own words.</summary>
    public static RequestInclusion Of(SecurityPolicy policy, SupportingToken token) => token switch
    {
        { InclusionMode: SecurityTokenInclusionMode.Default, KeyReference: not KeyReference.Default } => Of(SecurityTokenInclusionMode.Default, token.KeyReference),
        { InclusionMode: SecurityTokenInclusionMode.Default } => Of(policy),
        _ => Of(token.InclusionMode, policy.KeyReference),
    };

    public static KeyReference ReferenceOf(SecurityPolicy policy, SupportingToken token) =>
        (token.KeyReference == KeyReference.Default ? policy.KeyReference : token.KeyReference) is var reference and not KeyReference.BinarySecurityToken ? reference : KeyReference.Default;

    /// <summary>
    /// The statement with its tokens. Where no certificate signs the message, the first that may be named stands for all; what another one says otherwise stands at it.
    /// </summary>
    public static PolicyStatement Normalize(PolicyStatement statement, IReadOnlyList<StatedToken> tokens)
    {
        var first = tokens.FirstOrDefault(stated => MayBeNamed(stated.Token));
        statement = statement with
        {
            RequestInclusion = statement switch
            {
                { Kind: BindingKind.Asymmetric, SubjectSigns: false } => statement.RequestInclusion,

                // No certificate signs requests; that of replies decides which of WCF's modes says it.
                { Kind: BindingKind.Asymmetric } => statement is { IncludesTokenInReplies: true, Reference: not KeyReference.Default } ? RequestInclusion.Never : RequestInclusion.AlwaysToRecipient,
                _ => first?.Inclusion ?? RequestInclusion.AlwaysToRecipient,
            },
        };

        // Where nothing else is named.
        if (!statement.NamesCertificate && !statement.KerberosProtects && !tokens.Any(stated => stated.Token.Type == SecurityTokenType.Kerberos && stated.Token.Kind.Endorses()))
        {
            statement = statement with { Reference = first?.Reference ?? KeyReference.Default };
        }

        return statement with { Tokens = [.. tokens.Select(Say).OrderBy(token => token.Type)] };

        SupportingToken Say(StatedToken stated)
        {
            var plain = stated.Token with { InclusionMode = SecurityTokenInclusionMode.Default, KeyReference = KeyReference.Default };
            if (!MayBeNamed(plain))
            {
                return plain;
            }

            // Who says no reference takes that of the others.
            var reference = stated.Reference == KeyReference.Default ? statement.Reference : stated.Reference;
            return reference == statement.Reference && stated.Inclusion == statement.RequestInclusion ? plain : plain with
            {
                InclusionMode = stated.Inclusion switch
                {
                    RequestInclusion.Never => SecurityTokenInclusionMode.Never,
                    RequestInclusion.Once => SecurityTokenInclusionMode.Once,
                    _ => SecurityTokenInclusionMode.AlwaysToRecipient,
                },
                KeyReference = reference == statement.Reference ? KeyReference.Default : reference,
            };
        }
    }

    private static RequestInclusion Of(SecurityTokenInclusionMode mode, KeyReference reference) => mode switch
    {
        SecurityTokenInclusionMode.Never or SecurityTokenInclusionMode.AlwaysToInitiator => RequestInclusion.Never,
        SecurityTokenInclusionMode.Once => RequestInclusion.Once,
        SecurityTokenInclusionMode.Default when reference is not (KeyReference.Default or KeyReference.BinarySecurityToken) => RequestInclusion.Never,
        _ => RequestInclusion.AlwaysToRecipient,
    };
}
