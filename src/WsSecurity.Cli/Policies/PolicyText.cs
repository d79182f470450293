namespace WsSecurity.Cli.Policies;

/// <summary>Says an import in words.</summary>
internal static class PolicyText
{
    public static void Write(FoundPolicy import, TextWriter output)
    {
        output.WriteLine(import.Name);
        if (import.Policy is not { } policy)
        {
            output.WriteLine("  not supported:");
            foreach (var assertion in import.Refusal!.Unsupported)
            {
                output.WriteLine($"    {assertion}");
            }

            return;
        }

        output.WriteLine($"  mode       {policy.AuthenticationMode}, {policy.MessageSecurityVersion}");
        output.WriteLine($"  suite      {policy.DefaultAlgorithmSuite}");
        foreach (var weakness in policy.DefaultAlgorithmSuite.Weaknesses)
        {
            output.WriteLine($"    weak     {weakness}");
        }

        output.WriteLine($"  order      {policy.MessageProtectionOrder}, layout {policy.SecurityHeaderLayout}, {(policy.IncludeTimestamp ? "with" : "without")} Timestamp");
        output.WriteLine($"  references {policy.KeyReference}, inclusion {policy.InclusionMode}{(policy.AllowSerializedSigningTokenOnReply ? ", also in replies" : string.Empty)}");
        WriteFlags(policy, output);
        foreach (var token in policy.SupportingTokens)
        {
            output.WriteLine($"  token      {token.Kind} {token.Name ?? token.Type.ToString()}{(token.Type == SecurityTokenType.Username ? $", password {token.PasswordType}" : string.Empty)}{(token.RequireDerivedKeys ? ", derived keys" : string.Empty)}{(token.SamlVersion is { } version ? $", {version}" : string.Empty)}{(token.Optional ? ", optional" : string.Empty)}{(token.Actions.Count > 0 ? $", for {string.Join(", ", token.Actions)}" : string.Empty)}");
        }

        foreach (var issued in policy.SupportingTokens.Select(token => token.IssuedTokenParameters).OfType<IssuedTokenParameters>())
        {
            WriteIssued(issued, output);
        }

        WriteParts("signed   ", policy.SignedParts, output);
        WriteParts("encrypted", policy.EncryptedParts, output);
        if (policy.RequiredParts is not null)
        {
            WriteParts("required ", policy.RequiredParts, output);
        }

        WriteCertificate("own certificate ", import.Credentials?.Certificate, output);
        WriteCertificate("peer certificate", import.Credentials?.PeerCertificate, output);
        if (import.Credentials?.ServiceDnsName is { } dns)
        {
            output.WriteLine($"  service    {dns}");
        }

        foreach (var sentence in import.Explanation)
        {
            output.WriteLine($"  note       {sentence}");
        }
    }

    private static void WriteIssued(IssuedTokenParameters issued, TextWriter output)
    {
        string[] words =
        [
            issued.KeyType is { } keyType ? $"key {keyType}{(issued.KeySize is { } bits ? $" of {bits} bits" : string.Empty)}" : "any key",
            .. issued.IssuerAddress is { } address ? [$"from {address}"] : Array.Empty<string>(),
            .. issued.IssuerName is { } name ? [$"issuer {name}"] : Array.Empty<string>(),
            .. issued.ClaimTypeRequirements.Select(claim => $"claim {claim.Type}{(claim.Optional ? " (optional)" : string.Empty)}"),
        ];
        output.WriteLine($"    issued   {string.Join(", ", words)}");
    }

    private static void WriteCertificate(string whose, StoreCertificate? certificate, TextWriter output)
    {
        if (certificate is not null)
        {
            output.WriteLine($"  {whose} {certificate.StoreLocation}/{certificate.StoreName}, {certificate.FindType} '{certificate.FindValue}'");
        }
    }

    private static void WriteFlags(SecurityPolicy policy, TextWriter output)
    {
        if (policy.RequireDerivedKeys == false)
        {
            output.WriteLine("  keys       not derived");
        }

        if (policy.SecureConversationVersion is { } conversation)
        {
            output.WriteLine($"  keys       derived as in {conversation}");
        }

        if (!policy.EmitBspRequiredAttributes)
        {
            output.WriteLine("  references without the attributes that Basic Security Profile requires");
        }

        if (policy.RequireSignatureConfirmation)
        {
            output.WriteLine("  replies    confirm the request's signatures");
        }

        if (policy.ProtectTokens)
        {
            output.WriteLine("  signatures cover their own tokens");
        }
    }

    private static void WriteParts(string verb, ProtectedParts? parts, TextWriter output)
    {
        if (parts is null)
        {
            output.WriteLine($"  {verb}  by the transport");
            return;
        }

        WriteParts("every message", parts.All);
        WriteParts("requests", parts.Request);
        WriteParts("replies", parts.Reply);
        foreach (var (action, own) in parts.Operations.OrderBy(operation => operation.Key, StringComparer.Ordinal))
        {
            WriteParts(action, own);
        }

        void WriteParts(string of, MessageParts? own)
        {
            if (own is not null)
            {
                string[] names =
                [
                    .. own.Body ? ["Body"] : Array.Empty<string>(),
                    .. own.AllHeaders ? ["every header"] : Array.Empty<string>(),
                    .. own.Headers.Select(name => $"header {name}"),
                    .. own.Elements.Select(name => $"element {name}"),
                    .. own.Paths.Select(path => $"elements at {path}"),
                    .. own.ContentPaths.Select(path => $"content of {path}"),
                ];
                output.WriteLine($"  {verb}  {of}: {(names.Length == 0 ? "nothing" : string.Join(", ", names))}");
            }
        }
    }
}
