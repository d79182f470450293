namespace WsSecurity.Tokens.Kerberos.Gssapi;

/// <summary>What the library says went wrong.</summary>
internal sealed class GssapiException(uint major, uint minor, string message) : Exception(message)
{
    // RFC 2744, section 3.9.1: the routine errors.
    private const uint DefectiveTokenStatus = 9u << 16;

    /// <summary>The token is no token of the mechanism.</summary>
    public bool IsDefectiveToken => (major & 0x00FF0000) == DefectiveTokenStatus && Code == 0;

    /// <summary>Kerberos' own code (<c>krb5.h</c>; RFC 4120, section 7.5.9).</summary>
    public int Code { get; } = unchecked((int)minor);
}

/// <summary>The codes of <c>krb5.h</c> that have a meaning of their own here.</summary>
internal static class KerberosCode
{
    public const int BadIntegrity = -1765328353;
    public const int TicketExpired = -1765328352;
    public const int TicketNotYetValid = -1765328351;
    public const int NotUs = -1765328349;
    public const int BadMatch = -1765328348;
    public const int Skew = -1765328347;
    public const int Modified = -1765328343;
    public const int BadKeyVersion = -1765328340;
    public const int NoKey = -1765328339;
    public const int WrongPrincipal = -1765328240;
    public const int TicketInvalid = -1765328239;
    public const int KeytabNotFound = -1765328203;
    public const int KeytabVersionNotFound = -1765328154;
}
