namespace WsSecurity;

/// <summary>A SOAP fault as a peer states it.</summary>
/// <param name="Code">The code's local name (SOAP 1.1 <c>faultcode</c>, SOAP 1.2 <c>Code/Value</c>).</param>
/// <param name="Subcode">The innermost subcode's local name, SOAP 1.2 alone.</param>
/// <param name="Reason">The reason, as the peer wrote it.</param>
public sealed record SoapFault(string Code, string? Subcode, string Reason);
