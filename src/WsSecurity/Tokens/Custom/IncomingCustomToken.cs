using WsSecurity.Exchanges;

namespace WsSecurity.Tokens.Custom;

/// <summary>A custom token of a message: read, and not validated yet.</summary>
internal sealed record IncomingCustomToken(TrackedElement Element, ICustomTokenHandler Handler, CustomToken Token, CustomTokenKey? Key);
