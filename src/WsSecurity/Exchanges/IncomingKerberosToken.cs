using System.Security.Cryptography;
using WsSecurity.Tokens;
using WsSecurity.Tokens.Kerberos;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>The Kerberos token of a message, read once: where it stands, or where a signature that comes before it names it.</summary>
internal sealed class IncomingKerberosToken(Party party, IncomingDocument document)
{
    /// <summary>The token; null until it is read.</summary>
    public KerberosToken? Token { get; private set; }

    /// <summary>Reads the token, and has its ticket validated.</summary>
    /// <exception cref="WsSecurityException">The policy has no use for it, it is a second one, broken, or not valid.</exception>
    public KerberosToken Read(XmlElement element)
    {
        if (Token?.Element.Is(element) == true)
        {
            return Token;
        }

        if (party.FindKerberosValidator() is not { } validator)
        {
            throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "A Kerberos token is not supported here: the policy has none, or this is a reply.");
        }

        if (Token is not null)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "The message carries more than one Kerberos token.");
        }

        var (octets, gssToken, request) = KerberosTokenReader.Read(element);
        var (verified, secret) = validator.Validate(request, gssToken);
        var key = new SymmetricKey(secret, SHA1.HashData(octets), keyTransport: null) { IsKerberos = true, Client = verified };
        Token = new KerberosToken(document.Track(element), request, verified, key);
        return Token;
    }
}
