namespace WsSecurity.Policy.WsSecurityPolicy;

/// <content>The bindings (WS-SecurityPolicy 1.3, section 7).</content>
internal sealed partial class AlternativeReader
{
    private void ReadBinding(PolicyAssertion binding)
    {
        if (_reading.HasBinding)
        {
            Refuse(binding, "is a second binding");
            return;
        }

        _reading.HasBinding = true;
        Demand(binding, hasNested: true);
        Set(statement => statement with
        {
            Kind = binding.LocalName switch
            {
                "AsymmetricBinding" => BindingKind.Asymmetric,
                "SymmetricBinding" => BindingKind.Symmetric,
                _ => BindingKind.Transport,
            },
        });
        var tokens = new List<string>();
        var order = (EncryptsFirst: false, EncryptsSignature: false);
        foreach (var assertion in binding.Nested ?? [])
        {
            var protects = _reading.Statement.Kind != BindingKind.Transport;
            switch (assertion.LocalName)
            {
                case var _ when !assertion.IsSecurityPolicy:
                    Refuse(assertion, "is not known");
                    break;
                case "InitiatorEncryptionToken" or "RecipientEncryptionToken" when _reading.Statement.Kind == BindingKind.Asymmetric:
                    tokens.Add(assertion.LocalName);
                    ReadEncryptionToken(assertion);
                    break;
                case "InitiatorToken" or "RecipientToken" or "InitiatorSignatureToken" or "RecipientSignatureToken" when _reading.Statement.Kind == BindingKind.Asymmetric:
                case "ProtectionToken" when _reading.Statement.Kind == BindingKind.Symmetric:
                case "TransportToken" when _reading.Statement.Kind == BindingKind.Transport:
                    tokens.Add(assertion.LocalName);
                    ReadBindingToken(assertion);
                    break;
                case "AlgorithmSuite":
                    ReadSuite(assertion);
                    break;
                case "Layout":
                    ReadLayout(assertion);
                    break;
                case "IncludeTimestamp":
                    Demand(assertion);
                    Set(statement => statement with { IncludesTimestamp = true });
                    break;
                case "EncryptBeforeSigning" when protects:
                    Demand(assertion);
                    order.EncryptsFirst = true;
                    break;
                case "SignBeforeEncrypting" when protects:
                    Demand(assertion);
                    break;
                case "EncryptSignature" when protects:
                    Demand(assertion);
                    order.EncryptsSignature = true;
                    break;
                case "ProtectTokens" when protects:
                    Demand(assertion);
                    Set(statement => statement with { ProtectsTokens = true });
                    break;
                case "OnlySignEntireHeadersAndBody" when protects:
                    Demand(assertion);
                    _reading.SignsOnlyWholeParts = true;
                    break;
                default:
                    Refuse(assertion, "is not supported");
                    break;
            }
        }

        SetOrder(binding, order.EncryptsFirst, order.EncryptsSignature);
        DemandTokens(binding, tokens);
    }

    private void SetOrder(PolicyAssertion binding, bool encryptsFirst, bool encryptsSignature)
    {
        if (encryptsFirst && encryptsSignature)
        {
            Refuse(binding, "sp:EncryptSignature does not go with sp:EncryptBeforeSigning: the signature stays readable there");
        }

        if (_reading.Statement.Kind != BindingKind.Transport)
        {
            Set(statement => statement with
            {
                Order = encryptsFirst ? MessageProtectionOrder.EncryptBeforeSign
                    : encryptsSignature ? MessageProtectionOrder.SignBeforeEncryptAndEncryptSignature
                    : MessageProtectionOrder.SignBeforeEncrypt,
            });
        }
    }

    private void DemandTokens(PolicyAssertion binding, List<string> tokens)
    {
        switch (_reading.Statement.Kind)
        {
            case BindingKind.Asymmetric:
                DemandTokens(binding, tokens, "Initiator");
                DemandTokens(binding, tokens, "Recipient");
                break;
            case BindingKind.Symmetric when tokens is not [_]:
                Refuse(binding, "needs sp:ProtectionToken exactly once");
                break;
            case BindingKind.Transport when tokens is not [_]:
                Refuse(binding, "needs sp:TransportToken exactly once");
                break;
        }
    }

    // Section 7.5: one token that signs and encrypts, or one for each, of which a binding that only signs has one.
    private void DemandTokens(PolicyAssertion binding, List<string> tokens, string party)
    {
        var (both, signs, encrypts) = (Count("Token"), Count("SignatureToken"), Count("EncryptionToken"));
        if ((both, signs, encrypts) is not ((1, 0, 0) or (0, 1, 0) or (0, 1, 1)))
        {
            Refuse(binding, $"needs sp:{party}Token exactly once, or sp:{party}SignatureToken with sp:{party}EncryptionToken");
        }

        int Count(string role) => tokens.Count(token => token == party + role);
    }

    // Which certificate decrypts is a matter of the credentials; how it is named, of the policy.
    private void ReadEncryptionToken(PolicyAssertion role)
    {
        Demand(role, hasNested: true);
        if (role.Nested is not [var token])
        {
            Refuse(role, "needs one token");
            return;
        }

        if (ReadX509Token(token) is not { } x509)
        {
            return;
        }

        SetReference(token, x509.Reference);
        if (x509.DerivesKeys)
        {
            Refuse(token, "derives keys, which a certificate does only as sp:ProtectionToken");
        }

        _reading.Notes.Add(role.LocalName == "RecipientEncryptionToken"
            ? "The service decrypts with another certificate than it signs with: the first of PeerCertificates encrypts, any of them may sign; at the service EncryptionCertificate decrypts."
            : "The service encrypts for the certificate that signed the request: it must be able to decrypt.");
    }

    private void ReadBindingToken(PolicyAssertion role)
    {
        Demand(role, hasNested: true);
        if (role.Nested is not [var token])
        {
            Refuse(role, "needs one token");
        }
        else if (role.LocalName != "RecipientToken" && role.LocalName != "RecipientSignatureToken" && token is { IsSecurityPolicy: true, LocalName: "IssuedToken" or "SamlToken" })
        {
            ReadProtectingAssertion(role, token);
        }
        else if (role.LocalName == "TransportToken")
        {
            ReadHttpsToken(token);
        }
        else if (role.LocalName == "ProtectionToken" && token is { IsSecurityPolicy: true, LocalName: "KerberosToken" })
        {
            ReadProtectingKerberosToken(token);
        }
        else if (role.LocalName == "ProtectionToken" && token is { IsSecurityPolicy: true, LocalName: "UsernameToken" })
        {
            ReadProtectingUsernameToken(token);
        }
        else if (ReadX509Token(token) is { } x509)
        {
            SetCertificate(role, token, x509);
        }
    }

    private void SetCertificate(PolicyAssertion role, PolicyAssertion token, X509TokenUse x509)
    {
        if (x509.DerivesKeys && role.LocalName != "ProtectionToken")
        {
            Refuse(token, "derives keys, which a certificate does only as sp:ProtectionToken");
        }

        SetReference(token, x509.Reference);
        switch (role.LocalName)
        {
            case "InitiatorToken" or "InitiatorSignatureToken":
                Set(statement => statement with { RequestInclusion = InclusionOf(x509.Inclusion) });
                break;
            case "RecipientToken" or "RecipientSignatureToken":
                if (x509.Inclusion is "AlwaysToRecipient" or "Once")
                {
                    Refuse(token, $"has sp:IncludeToken {x509.Inclusion}; the service's certificate never travels with requests");
                }

                Set(statement => statement with { IncludesTokenInReplies = x509.Inclusion is "Always" or "AlwaysToInitiator" });
                break;
            default:
                if (x509.Inclusion != "Never")
                {
                    Refuse(token, $"has sp:IncludeToken {x509.Inclusion}; the certificate that a key is encrypted for is named, never sent");
                }

                Set(statement => statement with
                {
                    DerivesKeys = x509.DerivesKeys,
                    Conversation = statement.Conversation ?? ConversationOf(token, x509.DerivesKeys),
                });
                break;
        }
    }

    private static SecureConversationVersion? ConversationOf(PolicyAssertion token, bool derivesKeys) => !derivesKeys ? null
        : token.Name.Namespace == PolicyNames.SecurityPolicy11 ? SecureConversationVersion.WSSecureConversationFeb2005
        : SecureConversationVersion.WSSecureConversation13;

    // Who authenticates to the transport, and by what, is not known to message security (section 5.4.10).
    private void ReadHttpsToken(PolicyAssertion token)
    {
        if (token.Name == PolicyNames.WcfFraming + "SslTransportSecurity" || token.Name == PolicyNames.WcfFraming + "WindowsTransportSecurity")
        {
            _reading.Notes.Add($"{token.Path} is left to the transport, net.tcp.");
            return;
        }

        if (!token.IsSecurityPolicy || token.LocalName != "HttpsToken")
        {
            Refuse(token, "is not supported");
            return;
        }

        Demand(token, hasNested: true, attributes: ["RequireClientCertificate"]);
        foreach (var nested in token.Nested ?? [])
        {
            if (nested is { IsSecurityPolicy: true, LocalName: "RequireClientCertificate" or "HttpBasicAuthentication" or "HttpDigestAuthentication" })
            {
                Demand(nested);
                _reading.Notes.Add($"{nested.Path} is left to the transport.");
            }
            else
            {
                Refuse(nested, "is not supported there");
            }
        }

        switch (((string?)token.Element.Attribute("RequireClientCertificate"))?.Trim())
        {
            case null or "false" or "0":
                break;
            case "true" or "1":
                _reading.Notes.Add($"{token.Path}/RequireClientCertificate is left to the transport.");
                break;
            default:
                Refuse(token, "has a RequireClientCertificate that is neither true nor false");
                break;
        }
    }

    // WS-SecurityPolicy 1.3, section 6.1.
    private void ReadSuite(PolicyAssertion assertion)
    {
        Demand(assertion, hasNested: true);
        if (!IsFirst(assertion))
        {
            return;
        }

        foreach (var nested in assertion.Nested ?? [])
        {
            var isName = nested.IsSecurityPolicy || nested.Name.Namespace == PolicyNames.CxfSuites;
            if (!isName || AlgorithmSuite.All.FirstOrDefault(known => known.Name == nested.LocalName) is not { } suite)
            {
                Refuse(nested, "is not supported");
            }
            else if (_reading.HasSuite)
            {
                Refuse(nested, "is a second suite");
            }
            else
            {
                Demand(nested);
                _reading.HasSuite = true;
                Set(statement => statement with { Suite = suite });
            }
        }
    }

    // WS-SecurityPolicy 1.3, section 6.7; 1.1 spells two of them out.
    private void ReadLayout(PolicyAssertion assertion)
    {
        Demand(assertion, hasNested: true);
        if (!IsFirst(assertion))
        {
            return;
        }

        SecurityHeaderLayout? layout = assertion.Nested is not [{ IsSecurityPolicy: true } nested] ? null : nested.LocalName switch
        {
            "Strict" => SecurityHeaderLayout.Strict,
            "Lax" => SecurityHeaderLayout.Lax,
            "LaxTsFirst" or "LaxTimestampFirst" => SecurityHeaderLayout.LaxTimestampFirst,
            "LaxTsLast" or "LaxTimestampLast" => SecurityHeaderLayout.LaxTimestampLast,
            _ => null,
        };
        if (layout is null)
        {
            Refuse(assertion, "needs exactly one of sp:Strict, sp:Lax, sp:LaxTsFirst, sp:LaxTsLast");
        }

        Set(statement => statement with { Layout = layout ?? default });
    }
}
