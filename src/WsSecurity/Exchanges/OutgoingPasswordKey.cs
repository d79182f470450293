using WsSecurity.Algorithms;
using WsSecurity.Tokens;
using WsSecurity.Tokens.Username;

namespace WsSecurity.Exchanges;

/// <summary>The UsernameToken of a request that is being written, and the key that it derives from the password.</summary>
internal sealed class OutgoingPasswordKey
{
    /// <param name="party">Whose name and password.</param>
    /// <param name="signs">Whether the key makes signatures, rather than encrypting alone.</param>
    public OutgoingPasswordKey(Party party, bool signs)
    {
        var salt = PasswordKeyDerivation.NewSalt(signs ? PasswordKeyDerivation.ForMac : PasswordKeyDerivation.ForEncryption);
        var iterations = party.Policy.PasswordIterations;
        Item = HeaderItem.Create("UT", (output, id) => UsernameTokenWriter.WriteDeriving(output, id, party.Credentials.UserName!, salt, iterations, party.Now));
        Key = new SymmetricKey(PasswordKeyDerivation.Derive(party.Credentials.Password!, salt, iterations), [], keyTransport: null, isFromRequest: true) { UsernameTokenId = Item.Id };
    }

    /// <summary>The UsernameToken.</summary>
    public HeaderItem Item { get; }

    public SymmetricKey Key { get; }
}
