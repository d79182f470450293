using System.Security.Cryptography;
using WsSecurity.Tokens;
using WsSecurity.Tokens.Kerberos;
using WsSecurity.Tokens.Kerberos.Gssapi;

namespace WsSecurity.Exchanges;

/// <summary>The Kerberos token of a request that is being written, and the key that it brings.</summary>
internal sealed class OutgoingKerberosToken
{
    public OutgoingKerberosToken(InitiatedContext context, KerberosTokenForm form, bool emitBspRequiredAttributes)
    {
        var octets = form == KerberosTokenForm.Gss ? context.Token : ApRequest.Unwrap(context.Token);
        Item = HeaderItem.Create("KT", (output, id) => KerberosTokenWriter.WriteToken(output, id, form, octets, emitBspRequiredAttributes));
        Key = new SymmetricKey(context.Key, SHA1.HashData(octets), keyTransport: null, isFromRequest: true) { IsKerberos = true };
    }

    /// <summary>The BinarySecurityToken.</summary>
    public HeaderItem Item { get; }

    public SymmetricKey Key { get; }
}
