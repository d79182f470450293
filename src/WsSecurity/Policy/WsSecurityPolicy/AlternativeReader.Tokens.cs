namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>How an X.509 certificate is to be used.</summary>
/// <param name="Inclusion">The last segment of IncludeToken.</param>
/// <param name="DerivesKeys">Whether keys are derived from it.</param>
/// <param name="Reference">How it is to be named.</param>
internal readonly record struct X509TokenUse(string Inclusion, bool DerivesKeys, KeyReference Reference);

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
                case "UsernameToken" when token.IsSecurityPolicy:
                    ReadUsernameToken(token, kind, assertion.IsOptional);
                    break;
                case "X509Token" when token.IsSecurityPolicy:
                    ReadSupportingX509Token(token, kind, assertion.IsOptional);
                    break;
                case "SamlToken" or "IssuedToken" when token.IsSecurityPolicy:
                    ReadSupportingAssertion(token, kind, assertion.IsOptional);
                    break;
                default:
                    Refuse(token, "is not supported");
                    break;
            }
        }
    }

    private void ReadSupportingX509Token(PolicyAssertion token, SupportingTokenKind kind, bool isOptional)
    {
        if (ReadX509Token(token) is not { } x509)
        {
            return;
        }

        var supporting = new SupportingToken { Kind = kind, Type = SecurityTokenType.X509, Optional = isOptional };
        if (x509.DerivesKeys)
        {
            // What .NET Framework publishes of every token, and does with none whose key is private: from such a key nothing is derived.
            _reading.Notes.Add($"{token.Path} signs by its private key, from which nothing is derived, whatever sp:RequireDerivedKeys says.");
        }

        if (!CertificateInclusion.MayBeNamed(supporting))
        {
            if (x509.Inclusion is "Never" or "AlwaysToInitiator")
            {
                Refuse(token, $"has sp:IncludeToken {x509.Inclusion}; a certificate that does not endorse, or is encrypted, travels with requests");
            }

            if (x509.Reference != KeyReference.Default)
            {
                Refuse(token, $"must be named by {x509.Reference}; a certificate that does not endorse, or is encrypted, travels with requests");
            }
        }

        _reading.Tokens.Add(new StatedToken(supporting, InclusionOf(x509.Inclusion), x509.Reference));
    }

    private X509TokenUse? ReadX509Token(PolicyAssertion token)
    {
        if (!token.IsSecurityPolicy || token.LocalName != "X509Token")
        {
            Refuse(token, "is not supported");
            return null;
        }

        Demand(token, hasNested: true, attributes: [token.Name.Namespace + IncludeToken]);
        var reference = KeyReference.Default;
        var derivesKeys = ReadTokenPolicy(token, nested => nested.LocalName switch
        {
            "WssX509V3Token10" or "WssX509V3Token11" => true,
            "RequireIssuerSerialReference" => Require(nested, KeyReference.IssuerSerial),
            "RequireKeyIdentifierReference" => Require(nested, KeyReference.SubjectKeyIdentifier),
            "RequireThumbprintReference" => Require(nested, KeyReference.Thumbprint),
            _ => false,
        });
        return new X509TokenUse(ReadInclusion(token), derivesKeys, reference);

        bool Require(PolicyAssertion nested, KeyReference required)
        {
            if (reference != KeyReference.Default && reference != required)
            {
                Refuse(nested, $"differs from the reference {reference} beside it; a certificate is named in one way");
            }

            reference = required;
            return true;
        }
    }

    /// <summary>Reads the policy in a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="read">Reads an assertion of this kind of token; false where it is none.</param>
    /// <returns>Whether keys are derived from the token's.</returns>
    private bool ReadTokenPolicy(PolicyAssertion token, Func<PolicyAssertion, bool> read)
    {
        var derivesKeys = false;
        foreach (var nested in token.Nested ?? [])
        {
            if (!nested.IsSecurityPolicy)
            {
                Refuse(nested, "is not known");
                continue;
            }

            if (nested.LocalName is "RequireDerivedKeys" or "RequireExplicitDerivedKeys")
            {
                derivesKeys = true;
            }
            else if (!read(nested))
            {
                Refuse(nested, "is not supported");
                continue;
            }

            Demand(nested);
        }

        return derivesKeys;
    }

    /// <summary>Refuses a token that is not in requests.</summary>
    private void DemandTravels(PolicyAssertion token, string what)
    {
        var inclusion = ReadInclusion(token);
        if (inclusion is "Never" or "AlwaysToInitiator")
        {
            Refuse(token, $"has sp:IncludeToken {inclusion}; {what} travels with requests");
        }
    }

    private static RequestInclusion InclusionOf(string inclusion) => inclusion switch
    {
        "Once" => RequestInclusion.Once,
        "Always" or "AlwaysToRecipient" => RequestInclusion.AlwaysToRecipient,
        _ => RequestInclusion.Never,
    };

    private void SetReference(PolicyAssertion assertion, KeyReference reference)
    {
        if (reference == KeyReference.Default)
        {
            return;
        }

        if (_reading.Statement.Reference is not KeyReference.Default and var other && other != reference)
        {
            Refuse(assertion, $"differs from the reference {other} of the policy's other certificates; all are named alike");
        }

        Set(statement => statement with { Reference = reference });
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
