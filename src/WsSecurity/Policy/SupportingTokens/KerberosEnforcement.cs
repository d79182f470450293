using WsSecurity.Exchanges;
using WsSecurity.Tokens;
using WsSecurity.Tokens.Kerberos;

namespace WsSecurity.Policy.SupportingTokens;

/// <summary>The demands on a Kerberos token beside what protects the message. Its ticket was validated when it was read.</summary>
internal sealed class KerberosEnforcement(SupportingToken required, PolicyEnforcement enforcement) : SupportingTokenEnforcement(required, enforcement)
{
    private KerberosToken? _token;

    public override void Find()
    {
        // A second one was refused before.
        if (Message.KerberosToken is not { } found)
        {
            DemandOptional("Kerberos token");
            return;
        }

        DemandEncrypted(found.Element, "Kerberos token");
        if (!Required.Kind.Endorses() && !Enforcement.Context.IsTransportProtected && !IsEncrypted(found.Element))
        {
            // Whoever holds up the message could put its token into another one.
            throw new WsSecurityException(
                SecurityFailure.BearerTokenNotProtected, "A Kerberos token whose key signs nothing came in clear, neither encrypted nor over a protected transport.");
        }

        _token = found;
        Element = found.Element;
    }

    public override void FindEndorsement()
    {
        if (_token is null)
        {
            return;
        }

        Endorsement = Message.Signatures.FirstOrDefault(signature => IsByToken(signature) && CoversEndorsed(signature))
            ?? throw new WsSecurityException(SecurityFailure.SignatureMissing, "The policy demands an endorsing signature by the key of the Kerberos ticket.");
        if (Enforcement.Coverage.FindOpenToken(Endorsement) is { } refusal)
        {
            throw refusal;
        }
    }

    public override ValueTask VerifyAsync(CancellationToken cancellationToken)
    {
        Verified = _token?.Verified;
        return ValueTask.CompletedTask;
    }

    protected override bool IsByToken(VerifiedSignature signature) => signature.Key is SymmetricKey key && (key.Source ?? key) == _token!.Key;
}
