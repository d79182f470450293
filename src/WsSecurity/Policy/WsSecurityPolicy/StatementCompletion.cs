using WsSecurity.Policy.SupportingTokens;
using WsSecurity.Soap;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>Makes a policy of a reading and of the parts that each message has, where they go together.</summary>
internal static class StatementCompletion
{
    /// <returns>Why it cannot be; null where it can.</returns>
    public static string? TryComplete(
        AlternativeReading reading, IReadOnlyList<(MessageSubject Message, AlternativeReading Reading)> messages, out SecurityPolicy? policy)
    {
        policy = null;
        var readings = messages.Select(entry => entry.Reading).ToList();
        if (MessageTokens.TryCombine(messages, out var tokens) is { } divergence)
        {
            return divergence;
        }

        tokens = TokenKinds.Settle(reading, tokens);
        if (FindContradiction(reading, readings, tokens) is { } contradiction)
        {
            return contradiction;
        }

        var statement = reading.Statement;
        if (tokens.Find(token => token.KerberosForm is not null) is { KerberosForm: { } form })
        {
            statement = statement with { KerberosForm = form };
        }

        statement = CertificateInclusion.Normalize(statement with { Version = FindVersion(reading, tokens) }, tokens);
        if (!reading.HasBinding)
        {
            // Tokens alone, which nothing in the message protects: TLS must.
            reading.Notes.Add("There is no binding: the tokens travel as they are, so TLS is demanded; AllowInsecureTransport would go without.");
        }

        if (statement.Kind == BindingKind.Transport)
        {
            if (readings.Exists(each => !each.Signed.IsEmpty || !each.Encrypted.IsEmpty))
            {
                reading.Notes.Add("The transport protects the signed and encrypted parts.");
            }
        }
        else
        {
            if (!TryState(messages, each => each.Signed, out var signed) || !TryState(messages, each => each.Encrypted, out var encrypted))
            {
                return "wsp:PolicyReference: parts differ by operation, and the action of an operation is not in this document, or parts of a fault differ from its reply's";
            }

            if (signed.Operations.Count + encrypted.Operations.Count > 0 || tokens.Exists(stated => stated.Token.Actions.Count > 0))
            {
                signed = WithAction(reading, signed, [.. messages.Where(entry => !entry.Message.IsReply).Select(entry => entry.Message.Action)]);
            }

            if (!statement.IncludesTimestamp && statement.Tokens.Count == 0 && PolicyStatement.PartsOf(signed).Concat(PolicyStatement.PartsOf(encrypted)).All(parts => parts.IsEmpty))
            {
                reading.Notes.Add("It names no part, no token and no Timestamp: nothing is signed or encrypted.");
            }

            var stated = statement with { Signed = signed, Encrypted = encrypted };
            if (stated.EndorsesNothing)
            {
                return "sp:EndorsingSupportingTokens: there is no signature to endorse, for nothing is signed, and there is no sp:IncludeTimestamp";
            }

            statement = stated.WithEffectiveOrder();
            if (statement.Order != stated.Order)
            {
                // WS-SecurityPolicy 1.3, section 6.4: it need not be where nothing that it covers is encrypted.
                reading.Notes.Add("Nothing is encrypted, and so neither is the signature, whatever sp:EncryptSignature says.");
            }
        }

        if (readings.Exists(each => !each.Required.IsEmpty))
        {
            if (!TryState(messages, each => each.Required, out var required))
            {
                return "sp:RequiredParts: they differ by operation, and the action of an operation is not in this document, or those of a fault differ from its reply's";
            }

            statement = statement with { Required = required };
        }

        if (statement.RequestInclusion != RequestInclusion.Never && statement.IncludesTokenInReplies
            && (statement.RequestInclusion == RequestInclusion.Once || statement.Reference != KeyReference.Default))
        {
            return "sp:RecipientToken/sp:X509Token: certificates that travel in both directions cannot also be sent once, or named by a required reference";
        }

        var completed = statement.ToPolicy();
        try
        {
            SecurityBinding.For(completed);
        }
        catch (ArgumentException exception)
        {
            return $"wsp:Policy: {exception.Message}";
        }

        policy = completed;
        return null;
    }

    // What a request must have is chosen by its Action, which for that must be authentic.
    private static ProtectedParts WithAction(AlternativeReading reading, ProtectedParts signed, HashSet<string?> requests)
    {
        var (request, reply) = (Add(signed.All ?? signed.Request!), signed.All ?? signed.Reply);
        var operations = signed.Operations.ToDictionary(entry => entry.Key, entry => requests.Contains(entry.Key) ? Add(entry.Value) : entry.Value, StringComparer.Ordinal);
        var with = request == reply ? new ProtectedParts { All = request, Operations = operations } : new ProtectedParts { Request = request, Reply = reply, Operations = operations };
        if (with != signed)
        {
            reading.Notes.Add("Operations differ, and so the Action of WS-Addressing is signed, which tells them apart, whether a policy says so or not.");
        }

        return with;

        static MessageParts Add(MessageParts parts) => parts is { AllHeaders: true } || parts.Headers.Any(header => header.Namespace == WsAddressing.Namespace && header.Name is null or "Action")
            ? parts
            : parts with { Headers = [.. parts.Headers, new QualifiedName(WsAddressing.Namespace, "Action")] };
    }

    private static string? FindContradiction(AlternativeReading reading, List<AlternativeReading> messages, List<StatedToken> tokens)
    {
        var statement = reading.Statement;
        var overTransport = statement.Kind == BindingKind.Transport;
        var endorses = tokens.Exists(stated => stated.Token.Kind.Endorses());
        return !reading.HasBinding && (tokens.Count == 0 || endorses || tokens.Exists(stated => stated.KerberosForm is not null) || messages.Exists(each => !each.Signed.IsEmpty || !each.Encrypted.IsEmpty))
            ? "wsp:Policy: it has no sp:AsymmetricBinding, sp:SymmetricBinding or sp:TransportBinding, so nothing would protect the message"
            : reading.HasBinding && !reading.HasSuite ? "sp:AlgorithmSuite: there is none"
            : overTransport && tokens.Count == 0 && !statement.IncludesTimestamp ? "sp:TransportBinding: without a token and sp:IncludeTimestamp message security has nothing to do"
            : overTransport && endorses && !statement.IncludesTimestamp ? "sp:TransportBinding: an endorsing token signs the Timestamp, and there is no sp:IncludeTimestamp"
            : statement.Kind == BindingKind.Symmetric && reading is { HasWss10: true, HasWss11: false } ? "sp:Wss10: sp:SymmetricBinding needs sp:Wss11, by which replies name the request's key"
            : messages.Exists(each => reading.SignsOnlyWholeParts && each.Signed.HasElements) ? "sp:SignedElements: they contradict sp:OnlySignEntireHeadersAndBody"
            : tokens.Exists(stated => stated.DerivesKeys != statement.DerivesKeys && stated.Token is { IssuedTokenParameters.KeyType: IssuedTokenKeyType.SymmetricKey } token && token.Kind.Endorses())
                ? "sp:IssuedToken: its key signs derived where the message's own keys are, and else as it is; sp:RequireDerivedKeys stands at one of the two alone"
            : null;
    }

    // Where a policy says neither, WSS 1.0 is what every peer has; what only 1.1 has implies 1.1.
    private static MessageSecurityVersion FindVersion(AlternativeReading reading, List<StatedToken> tokens) =>
        reading.HasWss11 || (!reading.HasWss10 && (reading.Statement.Kind == BindingKind.Symmetric || reading.Statement.Reference == KeyReference.Thumbprint || tokens.Exists(stated => stated.Reference == KeyReference.Thumbprint || (stated.Token.Type == SecurityTokenType.Username && stated.Token.Kind.Endorses()))))
            ? MessageSecurityVersion.Wss11
            : MessageSecurityVersion.Wss10;

    private static bool TryState(
        IReadOnlyList<(MessageSubject Message, AlternativeReading Reading)> messages, Func<AlternativeReading, MessageParts> select, out ProtectedParts parts)
    {
        parts = new ProtectedParts();
        var ordinary = messages.Where(entry => entry.Message.FaultBeside is null).ToList();
        if (messages.Any(fault => fault.Message.FaultBeside is not null && !FaultFits(fault)))
        {
            return false;
        }

        // What is not known to be another operation gets all that any of them gets.
        var request = All(isReply: false);
        var reply = ordinary.Exists(entry => entry.Message.IsReply) ? All(isReply: true) : request;
        var operations = new Dictionary<string, MessageParts>(StringComparer.Ordinal);
        foreach (var (message, reading) in ordinary)
        {
            var own = select(reading);
            if (own == (message.IsReply ? reply : request))
            {
                continue;
            }

            if (message.Action is null || (operations.TryGetValue(message.Action, out var other) && other != own))
            {
                return false;
            }

            operations[message.Action] = own;
        }

        // Two messages of one action could not be told apart.
        if (ordinary.Any(entry => entry.Message.Action is { } action && operations.TryGetValue(action, out var own) && own != select(entry.Reading)))
        {
            return false;
        }

        parts = request == reply
            ? new ProtectedParts { All = request, Operations = operations }
            : new ProtectedParts { Request = request, Reply = reply, Operations = operations };
        return true;

        MessageParts All(bool isReply)
        {
            var each = ordinary.Where(entry => entry.Message.IsReply == isReply).Select(entry => select(entry.Reading)).ToList();
            return each.Skip(1).Aggregate(each[0], (left, right) => left == right ? left : AlternativeReader.Union(left, right));
        }

        // A fault without a policy of its own is protected as its reply; one that has a policy must say the same.
        bool FaultFits((MessageSubject Message, AlternativeReading Reading) fault) =>
            select(fault.Reading).IsEmpty || ordinary.Exists(entry => entry.Message.IsReply && entry.Message.Description == $"output of {fault.Message.FaultBeside}" && select(entry.Reading) == select(fault.Reading));
    }
}
