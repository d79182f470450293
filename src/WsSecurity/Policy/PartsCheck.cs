namespace WsSecurity.Policy;

/// <summary>Whether the parts of a policy make sense where they stand, told before the first message.</summary>
internal static class PartsCheck
{
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void Demand(SecurityPolicy policy)
    {
        foreach (var parts in AllOf(policy.SignedParts))
        {
            Refuse(parts.ContentPaths.Count > 0, "SignedParts cannot have ContentPaths: an element is signed with its tags.");
        }

        foreach (var parts in AllOf(policy.RequiredParts))
        {
            Refuse(parts.Body || parts.AllHeaders || parts.ContentPaths.Count > 0, "RequiredParts name Headers, Elements and Paths; every message has a Body.");
        }

        foreach (var path in new[] { policy.SignedParts, policy.EncryptedParts, policy.RequiredParts }.SelectMany(AllOf).SelectMany(parts => parts.Paths.Concat(parts.ContentPaths)))
        {
            Refuse(path.NamesSecurityHeader, $"The path {path} speaks of a Security header, which is no part: tokens and signatures in it are protected by what demands them.");
        }

        void Refuse(bool isWrong, string reason)
        {
            if (isWrong)
            {
                throw new ArgumentException(reason, nameof(policy));
            }
        }
    }

    private static IEnumerable<MessageParts> AllOf(ProtectedParts? parts) =>
        parts is null ? [] : new[] { parts.All, parts.Request, parts.Reply }.OfType<MessageParts>().Concat(parts.Operations.Values);
}
