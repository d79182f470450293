using System.Globalization;
using System.Xml.Linq;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>
/// Imports the policy of one subject: of the alternatives that are supported the one with the least weak algorithms, then the one that
/// says most, then the first. The same alternative must do for all messages of the subject; only parts may differ by message.
/// </summary>
internal sealed class PolicyImporter
{
    private readonly PolicySubject _subject;
    private readonly List<(MessageSubject Message, IReadOnlyList<AlternativeReading> Readings)> _messages = [];

    private PolicyImporter(PolicyDocuments documents, PolicySubject subject)
    {
        _subject = subject;
        var known = new Dictionary<string, IReadOnlyList<AlternativeReading>>(StringComparer.Ordinal);
        var ids = new Dictionary<XElement, int>();
        foreach (var message in subject.Messages)
        {
            // The same policies are attached to most messages.
            var key = string.Join(' ', message.Policies.Select(KeyOf));
            if (!known.TryGetValue(key, out var readings))
            {
                readings = [.. new PolicyNormalizer(documents).Normalize(message.Policies.DistinctBy(Resolve)).Select(AlternativeReader.Read)];
                known.Add(key, readings);
            }

            _messages.Add((message, readings));
        }

        string KeyOf(XElement policy)
        {
            ids.TryAdd(Resolve(policy), ids.Count);
            return ids[Resolve(policy)].ToString(CultureInfo.InvariantCulture);
        }

        // One policy that is attached at two places says nothing twice.
        XElement Resolve(XElement policy) => (string?)policy.Attribute("URI") is { } uri ? documents.Find(policy, uri) ?? policy : policy;
    }

    /// <exception cref="PolicyImportException">No alternative is supported.</exception>
    public static (SecurityPolicy Policy, IReadOnlyList<string> Explanation) Import(PolicyDocuments documents, PolicySubject subject)
    {
        try
        {
            return new PolicyImporter(documents, subject).Choose();
        }
        catch (PolicyImportException exception) when (exception.Name != subject.Name)
        {
            throw new PolicyImportException(subject.Name, exception.Unsupported);
        }
    }

    private (SecurityPolicy Policy, IReadOnlyList<string> Explanation) Choose()
    {
        foreach (var (message, readings) in _messages)
        {
            if (!readings.Any(reading => reading.Refusals.Count == 0))
            {
                throw Refuse(readings, message);
            }
        }

        var requests = _messages.Where(entry => !entry.Message.IsReply).ToList();
        if (requests.Count == 0)
        {
            throw new PolicyImportException(_subject.Name, ["wsdl:input: there is none; operations without a request are not supported"]);
        }

        var refusals = new List<string>();
        var candidates = requests[0].Readings;
        var ranked = candidates.Where(reading => reading.Refusals.Count == 0)
            .OrderBy(reading => reading.Statement.Suite.Weaknesses.Count).ThenByDescending(reading => reading.AssertionCount);
        foreach (var candidate in ranked)
        {
            var refusal = TryComplete(candidate, out var policy);
            if (refusal is null)
            {
                return (policy!, Explain(candidate, candidates));
            }

            refusals.Add(refusal);
        }

        throw new PolicyImportException(_subject.Name, [.. refusals.Distinct()]);
    }

    // A note may come from any message's policy.
    private string? TryComplete(AlternativeReading candidate, out SecurityPolicy? policy)
    {
        policy = null;
        var chosen = new List<(MessageSubject Message, AlternativeReading Reading)>();
        foreach (var (message, readings) in _messages)
        {
            var reading = readings.Where(reading => reading.Refusals.Count == 0 && Agrees(candidate, reading))
                .OrderByDescending(reading => reading.Tokens.SequenceEqual(candidate.Tokens)).ThenByDescending(reading => reading.AssertionCount).FirstOrDefault();
            if (reading is null)
            {
                return $"wsp:Policy: the {message.Description} has another policy than the {_messages[0].Message.Description}; only parts and supporting tokens may differ by message";
            }

            chosen.Add((message, reading));
        }

        var refusal = StatementCompletion.TryComplete(candidate, chosen, out policy);
        candidate.Notes.AddRange([.. chosen.SelectMany(entry => entry.Reading.Notes)]);
        return refusal;
    }

    private static bool Agrees(AlternativeReading candidate, AlternativeReading other) =>
        other.Statement == candidate.Statement
        && other.HasBinding == candidate.HasBinding
        && other.HasSuite == candidate.HasSuite
        && other.HasWss10 == candidate.HasWss10
        && other.HasWss11 == candidate.HasWss11;

    private List<string> Explain(AlternativeReading chosen, IReadOnlyList<AlternativeReading> alternatives)
    {
        var explanation = new List<string>();
        if (alternatives.Count > 1)
        {
            explanation.Add($"Of {alternatives.Count} alternatives the {Ordinal(alternatives, chosen)} was chosen: of those that are supported it has the fewest weak algorithms, then says most.");
            explanation.AddRange(alternatives.Where(reading => reading.Refusals.Count > 0)
                .Select(reading => $"The {Ordinal(alternatives, reading)} is not supported: {string.Join("; ", reading.Refusals)}."));
        }

        explanation.AddRange(chosen.Notes);
        explanation.AddRange(_subject.Notes);
        return [.. explanation.Distinct()];
    }

    private PolicyImportException Refuse(IReadOnlyList<AlternativeReading> readings, MessageSubject message)
    {
        var unsupported = readings.Count switch
        {
            0 => [$"wsp:Policy: it has no alternative at all for the {message.Description}"],
            1 => readings[0].Refusals,
            _ => readings.SelectMany(reading => reading.Refusals),
        };
        return new PolicyImportException(_subject.Name, [.. unsupported.Distinct()]);
    }

    private static string Ordinal(IReadOnlyList<AlternativeReading> alternatives, AlternativeReading reading) => (alternatives.ToList().IndexOf(reading) + 1) switch
    {
        1 => "1st",
        2 => "2nd",
        3 => "3rd",
        var number => $"{number}th",
    };
}
