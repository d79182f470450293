namespace WsSecurity.Policy.AppConfig;

/// <summary>Reads the message security of a binding: a <c>&lt;customBinding&gt;</c>, or one of .NET Framework's standard bindings.</summary>
internal sealed class StandardBindingReader
{
    private static readonly string[] CredentialTypes = ["None", "Windows", "UserName", "Certificate", "IssuedToken"];

    private readonly AppConfigBinding _binding;
    private readonly AppConfigParty _party;
    private readonly AppConfigReading _reading;
    private readonly AppConfigElement? _security;
    private readonly AppConfigElement? _message;

    private StandardBindingReader(AppConfigBinding binding, AppConfigParty party, AppConfigReading reading)
    {
        _binding = binding;
        _party = party;
        _reading = reading;
        _security = binding.Element?.Child("security");
        _message = _security?.Child("message");
    }

    public static BindingSecurity Read(AppConfigBinding binding, AppConfigParty party, AppConfigReading reading) =>
        new StandardBindingReader(binding, party, reading).Read();

    private BindingSecurity Read() => _binding.Kind switch
    {
        "customBinding" => ReadCustom(),
        "wsHttpBinding" or "wsHttpContextBinding" or "ws2007HttpBinding" => ReadWsHttp(),
        "basicHttpBinding" or "basicHttpContextBinding" or "netHttpBinding" => ReadBasicHttp("None"),
        "basicHttpsBinding" or "netHttpsBinding" => ReadBasicHttp("Transport"),
        "netTcpBinding" or "netTcpContextBinding" => ReadSessionful("Transport", "a customBinding with tcpTransport and authenticationMode UserNameOverTransport, MutualCertificate or another that negotiates nothing"),
        "wsDualHttpBinding" => ReadSessionful("Message", "a customBinding with authenticationMode MutualCertificateDuplex"),
        "wsFederationHttpBinding" or "ws2007FederationHttpBinding" => ReadFederation(),
        "netMsmqBinding" => ReadMsmq(),
        "mexHttpBinding" or "mexHttpsBinding" or "mexNamedPipeBinding" or "mexTcpBinding" or "webHttpBinding" or "netNamedPipeBinding" or "netPeerTcpBinding"
            or "msmqIntegrationBinding" or "udpBinding" => None($"{_binding.Kind} has no message security"),
        _ => Refuse($"{_binding.Kind} is not a binding that is known here"),
    };

    private BindingSecurity ReadCustom()
    {
        if (_binding.Element is null)
        {
            return Refuse("a customBinding has no defaults; name it in bindingConfiguration");
        }

        if (_security is null)
        {
            return None("it has no <security>");
        }

        LeaveToTheBinding(_binding.Element);
        return new BindingSecurity(SecurityElementReader.Read(_security, _party));
    }

    private BindingSecurity ReadWsHttp()
    {
        var mode = ReadMode(["None", "Transport", "Message", "TransportWithMessageCredential"], "Message");
        if (mode is null or "None" or "Transport")
        {
            return mode is null ? default : None($"its security mode is {mode}");
        }

        var credential = _message?.Name("clientCredentialType", CredentialTypes) ?? "Windows";
        var negotiates = _message?.Boolean("negotiateServiceCredential") ?? true;
        var establishes = _message?.Boolean("establishSecurityContext") ?? true;
        var overTransport = mode == "TransportWithMessageCredential";
        var authenticationMode = (overTransport, credential) switch
        {
            (_, "IssuedToken") => (AuthenticationMode?)null,
            (true, "UserName") => AuthenticationMode.UserNameOverTransport,
            (true, "Certificate") => AuthenticationMode.CertificateOverTransport,
            (true, _) => null,
            (false, "None") => AuthenticationMode.AnonymousForCertificate,
            (false, "UserName") => AuthenticationMode.UserNameForCertificate,
            (false, "Certificate") => AuthenticationMode.MutualCertificate,
            _ => AuthenticationMode.Kerberos,
        };
        if (authenticationMode is null)
        {
            RefuseMessage("clientCredentialType", credential switch
            {
                "IssuedToken" => "'IssuedToken' means a card of CardSpace here; describe the assertion in a wsFederationHttpBinding",
                "None" => "'None' leaves a message without any credential; .NET Framework refuses it, too",
                _ => $"'{credential}'{Default("clientCredentialType")} negotiates (SspiNegotiatedOverTransport), which is not supported; set UserName or Certificate, and establishSecurityContext=\"false\", at the service and here",
            });
        }

        RefuseNegotiation(negotiates && !overTransport, establishes, authenticationMode);
        ReadTransportAndFinish();
        return Finish(authenticationMode, MessageSecurityVersion.Wss11);
    }

    // Which of the two switches must be set, as WCF spells them.
    private void RefuseNegotiation(bool negotiates, bool establishes, AuthenticationMode? reachable)
    {
        if (!negotiates && !establishes)
        {
            return;
        }

        var attribute = negotiates ? "negotiateServiceCredential" : "establishSecurityContext";
        var what = (negotiates, establishes) switch
        {
            (true, true) => $"negotiateServiceCredential{Default("negotiateServiceCredential")} and establishSecurityContext{Default("establishSecurityContext")} are true: the service's certificate is negotiated and a secure conversation is established",
            (true, false) => $"negotiateServiceCredential{Default("negotiateServiceCredential")} is true: the service's certificate is negotiated",
            _ => $"establishSecurityContext{Default("establishSecurityContext")} is true: a secure conversation is established",
        };
        var remedy = negotiates && establishes ? "negotiateServiceCredential=\"false\" establishSecurityContext=\"false\"" : $"{attribute}=\"false\"";
        var result = reachable is null ? string.Empty : $", which makes it {reachable}";
        RefuseMessage(attribute, $"{what}, which is not supported; the service is reachable with <message {remedy}/> at the service and here{result}");
    }

    private string Default(string attribute) => _message?.Has(attribute) == true ? string.Empty : " (by default)";

    private BindingSecurity ReadBasicHttp(string defaultMode)
    {
        var isHttps = defaultMode == "Transport";
        var mode = ReadMode(
            isHttps ? ["Transport", "TransportWithMessageCredential"] : ["None", "Transport", "Message", "TransportWithMessageCredential", "TransportCredentialOnly"], defaultMode);
        if (mode is not ("Message" or "TransportWithMessageCredential"))
        {
            return mode is null ? default : None($"its security mode is {mode}");
        }

        var credential = _message?.Name("clientCredentialType", ["UserName", "Certificate"]) ?? "UserName";
        AuthenticationMode? authenticationMode = (mode, credential) switch
        {
            ("Message", "Certificate") => AuthenticationMode.MutualCertificate,
            ("Message", _) => null,
            (_, "Certificate") => AuthenticationMode.CertificateOverTransport,
            _ => AuthenticationMode.UserNameOverTransport,
        };
        if (authenticationMode is null)
        {
            RefuseMessage("clientCredentialType", $"'UserName'{Default("clientCredentialType")} does not go with the mode Message, as in .NET Framework; set Certificate");
        }

        ReadTransportAndFinish();
        var security = Finish(authenticationMode, MessageSecurityVersion.Wss10);
        return security.Policy is not { } policy ? security : new BindingSecurity(policy with
        {
            SecurityHeaderLayout = SecurityHeaderLayout.Lax,
            AllowSerializedSigningTokenOnReply = mode == "Message",
        });
    }

    private BindingSecurity ReadSessionful(string defaultMode, string remedy)
    {
        var mode = ReadMode(["None", "Transport", "Message", "TransportWithMessageCredential"], defaultMode);
        if (mode is null or "None" or "Transport")
        {
            return mode is null ? default : None($"its security mode is {mode}");
        }

        RefuseMode($"'{mode}' of {_binding.Kind} always establishes a secure conversation, which is not supported; the service is reachable with {remedy}");
        return default;
    }

    private BindingSecurity ReadMsmq()
    {
        var mode = ReadMode(["None", "Transport", "Message", "Both"], "Transport");
        if (mode is "Message" or "Both")
        {
            RefuseMode($"'{mode}' of netMsmqBinding is not supported");
        }

        return mode is "None" or "Transport" ? None($"its security mode is {mode}") : default;
    }

    private BindingSecurity ReadFederation()
    {
        var mode = ReadMode(["None", "Message", "TransportWithMessageCredential"], "Message");
        if (mode is null or "None")
        {
            return mode is null ? default : None("its security mode is None");
        }

        var overTransport = mode == "TransportWithMessageCredential";
        var authenticationMode = overTransport ? AuthenticationMode.IssuedTokenOverTransport : AuthenticationMode.IssuedTokenForCertificate;
        RefuseNegotiation(
            (_message?.Boolean("negotiateServiceCredential") ?? true) && !overTransport, _message?.Boolean("establishSecurityContext") ?? true, authenticationMode);
        var suite = ReadSuite();
        var policy = IssuedTokenReader.Read(_message, InVersion(WcfDefaults.For(authenticationMode, MessageSecurityVersion.Wss11)), "issuedKeyType", RefuseMessage);
        if (_message is not null)
        {
            IssuedTokenReader.ReadIssuer(_message, "claimTypeRequirements", "issuer", "issuerMetadata", "tokenRequestParameters");
            if (_message.Text("issuedTokenType") is { Length: > 0 } type)
            {
                _message.Note("issuedTokenType", $"every SAML assertion is accepted, not '{type}' alone");
            }

            _message.RefuseUnknown();
        }

        ReadTransportAndFinish();
        return new BindingSecurity(policy is null ? null : policy with { DefaultAlgorithmSuite = suite ?? policy.DefaultAlgorithmSuite });
    }

    private BindingSecurity Finish(AuthenticationMode? mode, MessageSecurityVersion version)
    {
        var suite = ReadSuite();
        _message?.RefuseUnknown();
        if (mode is not { } known)
        {
            return default;
        }

        if (Configuration.AuthenticationModes.TryFindSubstitute(known.ToString(), out var substitute))
        {
            RefuseMessage("clientCredentialType", $"it makes the mode {known}, which is not supported; {substitute}");
            return default;
        }

        var policy = InVersion(WcfDefaults.For(known, version));
        return new BindingSecurity(policy with { DefaultAlgorithmSuite = suite ?? policy.DefaultAlgorithmSuite });
    }

    // The bindings of 2007 have the versions that OASIS published.
    private SecurityPolicy InVersion(SecurityPolicy policy) => _binding.Kind is "ws2007HttpBinding" or "ws2007FederationHttpBinding"
        ? policy with { SecureConversationVersion = SecureConversationVersion.WSSecureConversation13 }
        : policy;

    private AlgorithmSuite? ReadSuite() => _message?.Name("algorithmSuite", WcfDefaults.AlgorithmSuites) is { } name ? WcfDefaults.Suite(name) : null;

    private string? ReadMode(string[] accepted, string byDefault) => _security?.Has("mode") != true ? byDefault : _security.Name("mode", accepted);

    private void ReadTransportAndFinish()
    {
        _ = _security?.Child("transport");
        _security?.RefuseUnknown();
        if (_binding.Element is { } element)
        {
            LeaveToTheBinding(element);
        }
    }

    // What is said of the transport, the encoding and time is for the binding around message security.
    private void LeaveToTheBinding(AppConfigElement binding)
    {
        var names = binding.Element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration && attribute.Name.LocalName != "name").Select(attribute => attribute.Name.LocalName)
            .Concat(binding.Element.Elements().Where(child => child.Name.LocalName != "security").Select(child => child.Name.LocalName))
            .Concat(_security?.Element.Elements().Where(child => child.Name.LocalName == "transport").Select(_ => "security/transport") ?? []);
        var list = string.Join(", ", names);
        if (list.Length > 0)
        {
            binding.Note($"not message security, and left to the binding around it: {list}");
        }
    }

    private void RefuseMessage(string attribute, string reason)
    {
        if (_message is not null)
        {
            _message.Refuse(attribute, reason);
        }
        else
        {
            RefuseBelow($"message/@{attribute}", reason);
        }
    }

    private void RefuseMode(string reason)
    {
        if (_security is not null)
        {
            _security.Refuse("mode", reason);
        }
        else
        {
            RefuseBelow("@mode", reason);
        }
    }

    // What stands below security, where that does not.
    private void RefuseBelow(string path, string reason)
    {
        if (_security is not null)
        {
            _security.RefuseBelow(path, reason);
        }
        else if (_binding.Element is { } element)
        {
            element.RefuseBelow($"security/{path}", reason);
        }
        else
        {
            _reading.Refusals.Add($"bindings/{_binding.Kind}: {reason}");
        }
    }

    private BindingSecurity Refuse(string reason)
    {
        _reading.Refusals.Add($"bindings/{_binding.Kind}: {reason}");
        return default;
    }

    private static BindingSecurity None(string reason) => new(null, reason);
}
