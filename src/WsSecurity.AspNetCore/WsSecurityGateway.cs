using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace WsSecurity.AspNetCore;

/// <summary>
/// A reverse proxy that authenticates the end user at the edge (JWT, password, client certificate) and vouches for them towards the service: it
/// takes plain SOAP requests, puts a SAML assertion about the user into the Security header, protects the request as the policy says, and
/// verifies the reply before it hands it on in plain. Immutable; change it with <c>with { … }</c>.
/// </summary>
public sealed record WsSecurityGateway
{
    /// <summary>How requests to the service are protected, and what its replies must prove. It has a SAML assertion among its tokens.</summary>
    public required SecurityPolicy Policy { get; init; }

    /// <summary>The gateway's keys, and the service's certificate.</summary>
    public required SecurityCredentials Credentials { get; init; }

    /// <summary>Who issues the assertions; the service names it among the <see cref="TrustDomain.SamlIssuers"/> of the domain that the gateway's certificate is in.</summary>
    public required SamlAssertionIssuer Issuer { get; init; }

    /// <summary>
    /// What is said of the user of a request; null refuses the request with status 403. <see cref="VouchForUser"/> covers the usual case. Never take
    /// it from anything that the user can write.
    /// </summary>
    public required Func<HttpContext, SamlAssertionDescription?> Assertion { get; init; }

    /// <summary>Whether GET and HEAD without a body pass to exactly the path, where services publish their WSDL.</summary>
    /// <value>true.</value>
    public bool AllowMetadata { get; init; } = true;

    /// <summary>Vouches (sender-vouches) for whom the host has authenticated, under the name of <see cref="HttpContext.User"/>, for five minutes.</summary>
    /// <param name="audience">The service's audience.</param>
    /// <param name="claimTypes">The claims of the user that are told to the service; no others are.</param>
    /// <returns>A function for <see cref="Assertion"/>; it gives null where nobody is authenticated, or the user has no name.</returns>
    public static Func<HttpContext, SamlAssertionDescription?> VouchForUser(string audience, params IReadOnlyCollection<string> claimTypes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(audience);
        ArgumentNullException.ThrowIfNull(claimTypes);
        return context => context.User.Identity is ClaimsIdentity { IsAuthenticated: true, Name: { Length: > 0 } name }
            ? new SamlAssertionDescription
            {
                Subject = name,
                ConfirmationMethod = SamlConfirmationMethod.SenderVouches,
                Audiences = [audience],
                Lifetime = TimeSpan.FromMinutes(5),
                Claims = [.. context.User.Claims.Where(claim => claimTypes.Contains(claim.Type))],
            }
            : null;
    }
}
