using WsSecurity.Algorithms;

namespace WsSecurity.Tokens.Saml;

/// <summary>Checks the conditions of an assertion (SAML 2.0 Core, section 2.5; SAML 1.1 Core, section 2.3.2.1).</summary>
internal static class SamlAssertionValidator
{
    /// <param name="assertion">The assertion.</param>
    /// <param name="isBearer">Whether nothing but possession confirms its subject; then it must be for us, and expire.</param>
    /// <param name="audiences">Who we are.</param>
    /// <param name="now">The time.</param>
    /// <param name="skew">How far clocks may differ.</param>
    /// <exception cref="WsSecurityException">A condition is not met.</exception>
    public static void CheckConditions(SamlAssertion assertion, bool isBearer, IReadOnlyList<string> audiences, DateTimeOffset now, TimeSpan skew)
    {
        var conditions = assertion.Conditions;
        if (conditions.NotBefore is { } notBefore && notBefore > now + skew)
        {
            throw new WsSecurityException(SecurityFailure.AssertionNotYetValid, $"The SAML assertion is valid from {notBefore:O}; the clock says {now:O}, and {skew} of skew are permitted.");
        }

        if (conditions.NotOnOrAfter is { } notOnOrAfter && notOnOrAfter <= now - skew)
        {
            throw new WsSecurityException(SecurityFailure.AssertionExpired, $"The SAML assertion expired at {notOnOrAfter:O}; the clock says {now:O}, and {skew} of skew are permitted.");
        }

        foreach (var authentication in assertion.Authentications)
        {
            if (authentication.Instant > now + skew)
            {
                throw new WsSecurityException(SecurityFailure.AssertionNotYetValid, $"The SAML assertion says that its subject was authenticated at {authentication.Instant:O}; the clock says {now:O}.");
            }

            if (authentication.SessionNotOnOrAfter is { } session && session <= now - skew)
            {
                throw new WsSecurityException(SecurityFailure.AssertionExpired, $"The session of the SAML assertion's subject was over at {session:O}; the clock says {now:O}, and {skew} of skew are permitted.");
            }
        }

        if (conditions.NotOnOrAfter is null && (isBearer || conditions.IsOneTime))
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A SAML assertion that is confirmed by possession alone, or for one use, never expires.");
        }

        foreach (var restriction in conditions.Audiences)
        {
            if (!restriction.Any(audience => audiences.Contains(audience, StringComparer.Ordinal)))
            {
                throw new WsSecurityException(SecurityFailure.AudienceMismatch, $"The SAML assertion is for '{RefusedValue.Show(restriction[0])}', which is none of our Audiences.");
            }
        }

        // Whoever gets a bearer assertion that names no audience can use it anywhere.
        if (isBearer && conditions.Audiences.Count == 0)
        {
            throw new WsSecurityException(SecurityFailure.AudienceMismatch, "The SAML assertion is confirmed by possession alone and names no audience.");
        }
    }
}
