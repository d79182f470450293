namespace WsSecurity.AspNetCore;

/// <summary>
/// What the middleware proved about the request: <c>HttpContext.Features.Get&lt;IWsSecurityFeature&gt;()</c>. Absent where the request
/// did not pass through it.
/// </summary>
public interface IWsSecurityFeature
{
    /// <summary>The request in plain. Its octets are valid until the request ends.</summary>
    VerifiedMessage Request { get; }

    /// <summary>Which parts were signed and encrypted, by whom, with which algorithms.</summary>
    ProtectionEvidence Evidence { get; }
}
