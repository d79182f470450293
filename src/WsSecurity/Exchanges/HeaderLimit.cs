namespace WsSecurity.Exchanges;

/// <summary>Bounds on what a peer can put into a Security header.</summary>
internal static class HeaderLimit
{
    /// <exception cref="WsSecurityException">There is no room for one more.</exception>
    public static void Demand(int count, int limit, string what)
    {
        if (count >= limit)
        {
            throw new WsSecurityException(SecurityFailure.TooManySecurityElements, $"The Security header holds more than {limit} {what}.");
        }
    }
}
