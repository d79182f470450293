using WsSecurity.Exchanges;

namespace WsSecurity.Tokens.Kerberos;

/// <summary>A Kerberos token of a message whose ticket is valid, and for us.</summary>
/// <param name="Element">The BinarySecurityToken.</param>
/// <param name="Request">What the AP-REQ shows.</param>
/// <param name="Verified">Whom it names.</param>
/// <param name="Key">The key that it brings: the authenticator's subkey, or the ticket's session key.</param>
internal sealed record KerberosToken(TrackedElement Element, ApRequest Request, KerberosVerifiedToken Verified, SymmetricKey Key);
