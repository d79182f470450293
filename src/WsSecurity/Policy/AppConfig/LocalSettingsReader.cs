namespace WsSecurity.Policy.AppConfig;

/// <summary>Reads <c>&lt;localClientSettings&gt;</c> and <c>&lt;localServiceSettings&gt;</c>, which concern one party alone.</summary>
internal static class LocalSettingsReader
{
    private const string OnlySessions = "it concerns secure conversations and negotiation alone";
    private const string OnlyTheCache = "the replay cache of the host has its own bounds, and remembers as long as a message is valid";

    public static SecurityPolicy Read(AppConfigElement security, SecurityPolicy policy, AppConfigParty party)
    {
        var client = security.Child("localClientSettings") is { } own ? ReadClient(own) : default;
        var service = security.Child("localServiceSettings") is { } other ? ReadService(other) : default;
        var tolerances = policy.Tolerances with
        {
            ClockSkew = Pick(security, party, "maxClockSkew", client.ClockSkew, service.ClockSkew) ?? policy.Tolerances.ClockSkew,
            TimestampLifetime = Pick(security, party, "timestampValidityDuration", client.Lifetime, service.Lifetime) ?? policy.Tolerances.TimestampLifetime,
        };
        if (tolerances.TimestampLifetime == TimeSpan.Zero)
        {
            security.Refuse("a timestampValidityDuration must be longer than nothing");
        }

        // A client detects replays by what binds each reply to its request.
        return policy with { Tolerances = tolerances, DetectReplays = party == AppConfigParty.Client ? policy.DetectReplays : service.DetectReplays ?? policy.DetectReplays };
    }

    private static Settings ReadClient(AppConfigElement element)
    {
        _ = element.Boolean("cacheCookies");
        _ = element.Boolean("reconnectTransportOnFailure");
        element.NoteWithoutEffect(
            OnlySessions,
            "cacheCookies", "cookieRenewalThresholdPercentage", "maxCookieCachingTime", "reconnectTransportOnFailure", "sessionKeyRenewalInterval", "sessionKeyRolloverInterval");
        if (element.Boolean("detectReplays") == false)
        {
            element.Note("detectReplays", "has no effect: a client takes each reply for one request only, whatever it detects");
        }

        return Common(element);
    }

    private static Settings ReadService(AppConfigElement element)
    {
        _ = element.Boolean("reconnectTransportOnFailure");
        element.NoteWithoutEffect(
            OnlySessions,
            "issuedCookieLifetime", "maxStatefulNegotiations", "negotiationTimeout", "inactivityTimeout", "sessionKeyRenewalInterval", "sessionKeyRolloverInterval",
            "reconnectTransportOnFailure", "maxPendingSessions", "maxCachedCookies");
        var detectsReplays = element.Boolean("detectReplays");
        return Common(element) with { DetectReplays = detectsReplays };
    }

    private static Settings Common(AppConfigElement element)
    {
        element.NoteWithoutEffect(OnlyTheCache, "replayCacheSize", "replayWindow");
        var settings = new Settings(element.Duration("maxClockSkew"), element.Duration("timestampValidityDuration"), null);
        element.RefuseUnknown();
        return settings;
    }

    private static TimeSpan? Pick(AppConfigElement security, AppConfigParty party, string name, TimeSpan? client, TimeSpan? service)
    {
        if (party == AppConfigParty.Unknown && client is not null && service is not null && client != service)
        {
            security.Refuse($"{name} differs between localClientSettings and localServiceSettings, and no endpoint says which of them applies");
        }

        return party switch
        {
            AppConfigParty.Client => client,
            AppConfigParty.Service => service,
            _ => client ?? service,
        };
    }

    private readonly record struct Settings(TimeSpan? ClockSkew, TimeSpan? Lifetime, bool? DetectReplays);
}
