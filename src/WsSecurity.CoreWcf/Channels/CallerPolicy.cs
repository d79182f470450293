using System.Security.Claims;
using System.Security.Principal;
using CoreWCF.IdentityModel.Claims;
using CoreWCF.IdentityModel.Policy;
using CoreClaim = CoreWCF.IdentityModel.Claims.Claim;
using CoreClaimTypes = CoreWCF.IdentityModel.Claims.ClaimTypes;

namespace WsSecurity.CoreWcf.Channels;

/// <summary>Tells CoreWCF who the verified caller is: one claim set and one identity for each verified token.</summary>
internal sealed class CallerPolicy(VerifiedMessage verified) : IAuthorizationPolicy
{
    // Where CoreWCF's ServiceSecurityContext and OperationContext look.
    private const string Identities = "Identities";
    private const string Principal = "ClaimsPrincipal";

    public string Id { get; } = Guid.NewGuid().ToString();

    public ClaimSet Issuer => ClaimSet.System;

    public bool Evaluate(EvaluationContext evaluationContext, ref object state)
    {
        ArgumentNullException.ThrowIfNull(evaluationContext);
        foreach (var token in verified.Evidence.Tokens)
        {
            evaluationContext.AddClaimSet(this, ClaimsOf(token));
        }

        evaluationContext.Properties[Identities] = verified.Evidence.Tokens.Select(IIdentity (token) => Generic(token.Identity)).ToList();
        evaluationContext.Properties[Principal] = verified.Principal;
        return true;
    }

    // By default CoreWCF makes a thread's principal of the identity, and takes one that is not generic for an account of Windows.
    private static GenericIdentity Generic(ClaimsIdentity identity)
    {
        var generic = new GenericIdentity(identity.Name ?? string.Empty, identity.AuthenticationType ?? string.Empty);
        generic.AddClaims(identity.Claims.Where(claim => claim.Type != identity.NameClaimType));
        return generic;
    }

    private static ClaimSet ClaimsOf(VerifiedToken token) => token switch
    {
        X509VerifiedToken x509 => new X509CertificateClaimSet(x509.Certificate),
        _ => new DefaultClaimSet(ClaimSet.System, new CoreClaim(CoreClaimTypes.Name, token.Name, Rights.Identity), CoreClaim.CreateNameClaim(token.Name)),
    };
}
