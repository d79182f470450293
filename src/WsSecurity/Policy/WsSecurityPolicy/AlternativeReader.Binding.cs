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
                case "InitiatorToken" or "RecipientToken" when _reading.Statement.Kind == BindingKind.Asymmetric:
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
        string[] needed = _reading.Statement.Kind switch
        {
            BindingKind.Asymmetric => ["InitiatorToken", "RecipientToken"],
            BindingKind.Symmetric => ["ProtectionToken"],
            _ => ["TransportToken"],
        };
        foreach (var name in needed)
        {
            if (tokens.Count(token => token == name) != 1)
            {
                Refuse(binding, $"needs sp:{name} exactly once");
            }
        }
    }

    private void ReadBindingToken(PolicyAssertion role)
    {
        Demand(role, hasNested: true);
        if (role.Nested is not [var token])
        {
            Refuse(role, "needs one token");
        }
        else if (role.LocalName == "TransportToken")
        {
            ReadHttpsToken(token);
        }
        else if (role.LocalName == "ProtectionToken" && token is { IsSecurityPolicy: true, LocalName: "KerberosToken" })
        {
            ReadProtectingKerberosToken(token);
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

        switch (role.LocalName)
        {
            case "InitiatorToken":
                SetRequestInclusion(x509.Inclusion);
                break;
            case "RecipientToken":
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
                    Conversation = !x509.DerivesKeys ? null
                        : token.Name.Namespace == PolicyNames.SecurityPolicy11 ? SecureConversationVersion.WSSecureConversationFeb2005
                        : SecureConversationVersion.WSSecureConversation13,
                });
                break;
        }
    }

    private void SetRequestInclusion(string inclusion) => Set(statement => statement with
    {
        RequestInclusion = inclusion switch
        {
            "Once" => RequestInclusion.Once,
            "Always" or "AlwaysToRecipient" => RequestInclusion.AlwaysToRecipient,
            _ => RequestInclusion.Never,
        },
    });

    private void ReadHttpsToken(PolicyAssertion token)
    {
        if (!token.IsSecurityPolicy || token.LocalName != "HttpsToken")
        {
            Refuse(token, "is not supported");
            return;
        }

        // Who authenticates to the transport is not known to message security.
        Demand(token, attributes: ["RequireClientCertificate"]);
        if ((string?)token.Element.Attribute("RequireClientCertificate") is not (null or "false" or "0"))
        {
            Refuse(token, "demands a client certificate of the transport, which message security does not see");
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
