using System.Collections.Concurrent;
using NUnit.Framework;
using WsSecurity.Policy;
using WsSecurity.Policy.SupportingTokens;
using WsSecurity.Policy.WsSecurityPolicy;
using WsSecurity.Tests.Vectors;

namespace WsSecurity.Tests.Policy.WsSecurityPolicy;

/// <summary>
/// Every policy that imports from the documents of Apache CXF and WSS4J, used: a request and its reply pass, and a request that lacks one of its protections, by a client
/// whose policy leaves it out, is refused.
/// </summary>
[VectorFixture]
internal sealed class ImportedVectorExchangeTests
{
    private readonly Dictionary<SecurityPolicy, string> _policies = [];
    private int _withoutCredentials;

    [OneTimeSetUp]
    public void ReadAll()
    {
        foreach (var file in PolicyVectorTests.FindAllDocuments())
        {
            foreach (var import in PolicyImport.ReadAll(file).Where(import => import.IsImported))
            {
                var binding = SecurityBinding.For(import.Policy!);
                if (binding.UsesKerberos || binding.Has(SecurityTokenType.Custom))
                {
                    _withoutCredentials++;
                    continue;
                }

                _policies.TryAdd(import.Policy!, $"{Path.GetFileName(file)} {import.Name}");
            }
        }
    }

    [Test]
    public void Exchange_ByEveryImportedPolicy_IsAcceptedBothWays()
    {
        var refused = new List<string>();
        foreach (var (policy, name) in _policies)
        {
            foreach (var action in ActionsOf(policy))
            {
                try
                {
                    Exchange(policy, action);
                }
                catch (InvalidOperationException exception) when (exception.Message.Contains("nothing to sign", StringComparison.Ordinal) && policy.SignedParts!.All is { HasElements: true })
                {
                    // Only elements are signed, of which this message has none.
                }
                catch (Exception exception) when (exception is WsSecurityException or InvalidOperationException or ArgumentException)
                {
                    refused.Add($"{name} ({policy.AuthenticationMode}, {action}): {exception.Message}");
                }
            }
        }

        Assert.That(refused, Is.Empty, $"{refused.Count} of {_policies.Count}\n{string.Join('\n', refused)}");
    }

    [Test]
    public void Exchange_ByEveryImportedPolicyWithoutOneProtection_IsRefused()
    {
        // Refusals after a decryption wait for a common deadline, together rather than one after the other.
        var (tried, passed) = (0, new ConcurrentBag<string>());
        Parallel.ForEach(_policies, entry =>
        {
            var action = ActionsOf(entry.Key)[0];
            foreach (var (what, weaken) in Weaken(entry.Key, action))
            {
                switch (IsRefused(entry.Key, weaken, action))
                {
                    case true:
                        Interlocked.Increment(ref tried);
                        break;
                    case false:
                        passed.Add($"{entry.Value}: {what}");
                        break;
                }
            }
        });

        Assert.That(passed, Is.Empty, string.Join('\n', passed));
        Assert.That(tried, Is.GreaterThan(_policies.Count * 2));
        TestContext.Out.WriteLine($"{_policies.Count} policies, {_withoutCredentials} imports without credentials here, {tried} weaker requests refused");
    }

    // Null where nothing is left to write.
    private static bool? IsRefused(SecurityPolicy policy, Func<SecurityPolicy> weaken, string action)
    {
        TestParties parties;
        byte[] wire;
        try
        {
            parties = GenericParties.Of(policy, weaken());
            wire = parties.Protect(GenericParties.Envelope(policy, isReply: false, action)).Wire;
        }
        catch (Exception exception) when (exception is WsSecurityException or InvalidOperationException or ArgumentException)
        {
            return null;
        }

        try
        {
            parties.Verify(wire).Dispose();
            return false;
        }
        catch (WsSecurityException)
        {
            return true;
        }
    }

    private static void Exchange(SecurityPolicy policy, string action)
    {
        var parties = GenericParties.Of(policy);
        var (wire, pending) = parties.Protect(GenericParties.Envelope(policy, isReply: false, action));
        using var _ = pending;
        using var request = parties.Verify(wire);
        pending.VerifyReply(parties.ProtectReply(request, GenericParties.Envelope(policy, isReply: true, action)), parties.Context);
    }

    private static List<string> ActionsOf(SecurityPolicy policy) =>
    [
        .. new[] { policy.SignedParts, policy.EncryptedParts, policy.RequiredParts }.SelectMany(parts => parts?.Operations.Keys ?? []).Concat(policy.SupportingTokens.SelectMany(token => token.Actions)).Distinct().Where(action => !IsOfReply(action)),
        "urn:calc/add",
    ];

    private static bool IsOfReply(string action) => action.Contains("/RSTR/", StringComparison.Ordinal) || action.EndsWith("Response", StringComparison.Ordinal);

    private static IEnumerable<(string What, Func<SecurityPolicy> Policy)> Weaken(SecurityPolicy policy, string action)
    {
        var statement = PolicyStatement.Of(policy);
        if (statement.IncludesTimestamp)
        {
            yield return ("no Timestamp", () => (statement with { IncludesTimestamp = false }).ToPolicy());
        }

        foreach (var token in statement.Tokens.Where(token => !token.Optional && token.AppliesTo(action)))
        {
            if (!(token.Type == SecurityTokenType.Saml && statement.SubjectSigns) && !(token.Type == SecurityTokenType.Username && statement.PasswordProtects))
            {
                yield return ($"no {token.Kind} {token.Type}", () => With([]));
            }

            if (statement.Kind != BindingKind.Transport && token.Kind.IsSigned())
            {
                yield return ($"unsigned {token.Type}", () => With([token with { Kind = Enum.Parse<SupportingTokenKind>(token.Kind.ToString()["Signed".Length..] is { Length: > 0 } rest ? rest : "Supporting") }]));
            }

            SecurityPolicy With(SupportingToken[] instead) => (statement with { Tokens = [.. statement.Tokens.SelectMany(other => ReferenceEquals(other, token) ? instead : [other])] }).ToPolicy();
        }

        if (statement.Kind == BindingKind.Transport)
        {
            yield break;
        }

        var (signed, encrypted) = (statement.Signed!.Find(false, action)!, statement.Encrypted!.Find(false, action)!);
        if (signed.Body)
        {
            yield return ("unsigned Body", () => (statement with { Signed = signed with { Body = false } }).ToPolicy());
        }

        if (signed.Headers.Any(header => header is { Namespace: "http://www.w3.org/2005/08/addressing", Name: null or "Action" or "To" or "MessageID" }) || signed.AllHeaders)
        {
            yield return ("unsigned headers", () => (statement with { Signed = signed with { Headers = [], AllHeaders = false } }).ToPolicy());
        }

        if (encrypted.Body)
        {
            yield return ("Body in clear", () => (statement with { Encrypted = encrypted with { Body = false } }).ToPolicy());
        }

        if (statement.ProtectsTokens && (statement.IncludesTimestamp || !signed.IsEmpty))
        {
            yield return ("open token", () => (statement with { ProtectsTokens = false }).ToPolicy());
        }
    }
}
