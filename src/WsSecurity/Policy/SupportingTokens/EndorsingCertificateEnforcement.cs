using WsSecurity.Exchanges;
using WsSecurity.Tokens;

namespace WsSecurity.Policy.SupportingTokens;

/// <summary>The demands on a certificate that endorses. Trust in it was decided with its signature.</summary>
internal sealed class EndorsingCertificateEnforcement(SupportingToken required, PolicyEnforcement enforcement) : SupportingTokenEnforcement(required, enforcement)
{
    // What tells one certificate from another is its signature, which cannot be looked at yet.
    public override void Find()
    {
    }

    public override void FindEndorsement()
    {
        WsSecurityException? refusal = null;
        foreach (var signature in Message.Signatures.Where(signature => IsByToken(signature) && CoversEndorsed(signature) && !IsTaken(signature)))
        {
            if (FindRefusal(signature) is { } reason)
            {
                refusal ??= reason;
                continue;
            }

            Endorsement = signature;
            Element = signature.TokenElement;
            Verified = signature.Token;
            return;
        }

        if (refusal is not null || !Required.Optional)
        {
            throw refusal ?? new WsSecurityException(SecurityFailure.SignatureMissing, "The policy demands an endorsing signature by the client's certificate.");
        }
    }

    public override ValueTask VerifyAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private WsSecurityException? FindRefusal(VerifiedSignature signature) =>
        Enforcement.Coverage.FindOpenToken(signature)
        ?? (Enforcement.Required.IsSigned(Required) ? Enforcement.Coverage.FindUnsignedToken(Enforcement.MessageSignature, signature) : null)
        ?? FindUnencrypted(signature.TokenElement, "endorsing certificate");

    // Two endorsing tokens are two parties: neither stands in for the other.
    private bool IsTaken(VerifiedSignature signature) =>
        Enforcement.Endorsements.Any(other => other == signature
            || (other.Key is CertificateKey known && signature.Key is CertificateKey key && known.Certificate.HasSameOctets(key.Certificate)));
}
