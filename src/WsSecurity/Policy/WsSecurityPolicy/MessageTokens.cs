namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>The tokens of requests, where operations may have their own.</summary>
internal static class MessageTokens
{
    /// <returns>Why there are none; null where there are.</returns>
    public static string? TryCombine(IReadOnlyList<(MessageSubject Message, AlternativeReading Reading)> messages, out List<StatedToken> tokens)
    {
        tokens = [];
        var requests = messages.Where(entry => !entry.Message.IsReply).ToList();
        if (messages.FirstOrDefault(entry => entry.Message.IsReply && !Repeats(entry, requests)) is { Message: { } reply })
        {
            return $"sp:SupportingTokens: the {reply.Description} has tokens that its request has not; only requests carry tokens";
        }

        var first = requests[0].Reading.Tokens;
        if (requests.TrueForAll(request => request.Reading.Tokens.SequenceEqual(first)))
        {
            tokens = [.. first];
            return null;
        }

        foreach (var token in requests.SelectMany(request => request.Reading.Tokens).Distinct())
        {
            var counts = requests.ConvertAll(request => request.Reading.Tokens.Count(other => other == token));
            var holders = requests.Where(request => request.Reading.Tokens.Contains(token)).Select(request => request.Message.Action).ToList();
            var others = requests.Where(request => !request.Reading.Tokens.Contains(token)).Select(request => request.Message.Action).ToList();
            if (counts.Distinct().Count() == 1)
            {
                tokens.AddRange(Enumerable.Repeat(token, counts[0]));
            }
            else if (counts.Max() > 1 || holders.Contains(null) || others.Contains(null) || holders.Intersect(others).Any())
            {
                return "sp:SupportingTokens: they differ by operation, and the actions of the operations do not tell them apart, or are not in this document";
            }
            else
            {
                tokens.Add(token with { Token = token.Token with { Actions = [.. holders.OfType<string>().Distinct().Order(StringComparer.Ordinal)] } });
            }
        }

        return null;
    }

    // What is attached to the endpoint or the operation is attached to replies, too, and need not be repeated for them.
    private static bool Repeats((MessageSubject Message, AlternativeReading Reading) reply, List<(MessageSubject Message, AlternativeReading Reading)> requests)
    {
        var own = requests.FindAll(request => request.Message.Operation == reply.Message.Operation);
        return reply.Reading.Tokens.TrueForAll(token => (own.Count > 0 ? own : requests).Exists(request => request.Reading.Tokens.Contains(token)));
    }
}
