namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>How an X.509 certificate is to be used.</summary>
/// <param name="Inclusion">The last segment of IncludeToken.</param>
/// <param name="DerivesKeys">Whether keys are derived from it.</param>
internal readonly record struct X509TokenUse(string Inclusion, bool DerivesKeys);

/// <content>Tokens (WS-SecurityPolicy 1.3, section 5) and supporting tokens (section 8).</content>
internal sealed partial class AlternativeReader
{
    private const string IncludeToken = "IncludeToken";

    private static readonly string[] Inclusions = ["Always", "AlwaysToInitiator", "AlwaysToRecipient", "Never", "Once"];

    private void ReadSupportingTokens(PolicyAssertion assertion)
    {
        Demand(assertion, hasNested: true);
        var kind = assertion.LocalName switch
        {
            "SignedSupportingTokens" => SupportingTokenKind.Signed,
            "EncryptedSupportingTokens" => SupportingTokenKind.Encrypted,
            "SignedEncryptedSupportingTokens" => SupportingTokenKind.SignedEncrypted,
            "EndorsingSupportingTokens" => SupportingTokenKind.Endorsing,
            "EndorsingEncryptedSupportingTokens" => SupportingTokenKind.EndorsingEncrypted,
            "SignedEndorsingSupportingTokens" => SupportingTokenKind.SignedEndorsing,
            "SignedEndorsingEncryptedSupportingTokens" => SupportingTokenKind.SignedEndorsingEncrypted,
            _ => SupportingTokenKind.Supporting,
        };
        if (assertion.Nested is null or [])
        {
            Refuse(assertion, "has no token");
        }

        foreach (var token in assertion.Nested ?? [])
        {
            switch (token.LocalName)
            {
                case "KerberosToken" when token.IsSecurityPolicy:
                    ReadKerberosToken(token, kind, assertion.IsOptional);
                    break;
                case "UsernameToken" when token.IsSecurityPolicy && kind is SupportingTokenKind.Supporting or SupportingTokenKind.Signed or SupportingTokenKind.SignedEncrypted:
                    ReadUsernameToken(token, kind, assertion.IsOptional);
                    break;
                case "X509Token" when token.IsSecurityPolicy && kind == SupportingTokenKind.Endorsing:
                    ReadEndorsingToken(token);
                    break;
                default:
                    Refuse(token, "is not supported");
                    break;
            }
        }
    }

    private void ReadEndorsingToken(PolicyAssertion token)
    {
        if (_reading.Statement.Endorses)
        {
            Refuse(token, "is a second endorsing token");
        }
        else if (ReadX509Token(token) is { } x509)
        {
            if (x509.DerivesKeys)
            {
                Refuse(token, "derives keys, which a certificate does only as sp:ProtectionToken");
            }

            // With an asymmetric binding one certificate of the client signs and endorses; how it travels is said there.
            _reading.EndorsingInclusion = x509.Inclusion;
            Set(statement => statement with { Endorses = true });
        }
    }

    private X509TokenUse? ReadX509Token(PolicyAssertion token)
    {
        if (!token.IsSecurityPolicy || token.LocalName != "X509Token")
        {
            Refuse(token, "is not supported");
            return null;
        }

        Demand(token, hasNested: true, attributes: [token.Name.Namespace + IncludeToken]);
        var derivesKeys = false;
        foreach (var nested in token.Nested ?? [])
        {
            switch (nested.LocalName)
            {
                case var _ when !nested.IsSecurityPolicy:
                    Refuse(nested, "is not known");
                    break;
                case "WssX509V3Token10" or "WssX509V3Token11":
                    Demand(nested);
                    break;
                case "RequireDerivedKeys" or "RequireExplicitDerivedKeys":
                    Demand(nested);
                    derivesKeys = true;
                    break;
                case "RequireIssuerSerialReference":
                    SetReference(nested, KeyReference.IssuerSerial);
                    break;
                case "RequireKeyIdentifierReference":
                    SetReference(nested, KeyReference.SubjectKeyIdentifier);
                    break;
                case "RequireThumbprintReference":
                    SetReference(nested, KeyReference.Thumbprint);
                    break;
                default:
                    Refuse(nested, "is not supported");
                    break;
            }
        }

        return new X509TokenUse(ReadInclusion(token), derivesKeys);
    }

    private void SetReference(PolicyAssertion assertion, KeyReference reference)
    {
        Demand(assertion);
        if (_reading.Statement.Reference is not KeyReference.Default and var other && other != reference)
        {
            Refuse(assertion, $"differs from the reference {other} of the policy's other certificates; all are named alike");
        }

        Set(statement => statement with { Reference = reference });
    }

    private void ReadUsernameToken(PolicyAssertion token, SupportingTokenKind kind, bool isOptional)
    {
        if (_reading.Statement.Username is not null)
        {
            Refuse(token, "is a second UsernameToken");
            return;
        }

        Demand(token, hasNested: true, attributes: [token.Name.Namespace + IncludeToken]);
        var inclusion = ReadInclusion(token);
        if (inclusion is "Never" or "AlwaysToInitiator")
        {
            Refuse(token, $"has sp:IncludeToken {inclusion}; a UsernameToken travels with requests");
        }

        var nested = (token.Nested ?? []).ToLookup(assertion => assertion.IsSecurityPolicy ? assertion.LocalName : string.Empty);
        var type = nested.Contains("NoPassword") ? PasswordType.None : nested.Contains("HashPassword") ? PasswordType.Digest : PasswordType.Text;
        if (nested.Contains("NoPassword") && nested.Contains("HashPassword"))
        {
            Refuse(token, "has both sp:NoPassword and sp:HashPassword");
        }

        foreach (var assertion in token.Nested ?? [])
        {
            switch (assertion.LocalName)
            {
                case "WssUsernameToken10" or "WssUsernameToken11" or "NoPassword" or "HashPassword" when assertion.IsSecurityPolicy:
                    Demand(assertion);
                    break;

                // A digest has both or is refused; with other passwords they are written, but not demanded.
                case "Created" or "Nonce" when assertion.Name.Namespace == PolicyNames.SecurityPolicy13 && type == PasswordType.Digest:
                    Demand(assertion);
                    break;
                default:
                    Refuse(assertion, "is not supported");
                    break;
            }
        }

        _reading.UsernameIsOfVersion11 = token.Name.Namespace == PolicyNames.SecurityPolicy11;
        Set(statement => statement with
        {
            Username = new SupportingToken { Kind = kind, Type = SecurityTokenType.Username, PasswordType = type, Optional = isOptional },
        });
    }

    private string ReadInclusion(PolicyAssertion token)
    {
        // Section 5.1.1: where nothing is said, the token is always included.
        if ((string?)token.Element.Attribute(token.Name.Namespace + IncludeToken) is not { } uri)
        {
            return "Always";
        }

        var name = uri.Trim().Split('/')[^1];
        if (!Inclusions.Contains(name) || !new[] { PolicyNames.SecurityPolicy11, PolicyNames.SecurityPolicy12 }.Any(version => uri.Trim() == $"{version.NamespaceName}/{IncludeToken}/{name}"))
        {
            Refuse(token, $"has an sp:IncludeToken that is not known: '{uri}'");
        }

        return name;
    }
}
