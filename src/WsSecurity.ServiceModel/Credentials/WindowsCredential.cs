using System.IdentityModel.Claims;
using System.ServiceModel;
using System.ServiceModel.Description;

namespace WsSecurity.ServiceModel.Credentials;

/// <summary>
/// What <c>ClientCredentials.Windows</c> and the identity of an address mean for Kerberos: who calls whom. Without a name the user who is logged in calls, and
/// without an identity the service is <c>host/</c> with the name in the address, both as in WCF.
/// </summary>
internal static class WindowsCredential
{
    /// <summary>Reads them.</summary>
    /// <param name="client">The credentials of the channel factory.</param>
    /// <param name="service">The service.</param>
    public static KerberosClientCredential Read(ClientCredentials client, EndpointAddress service)
    {
        var user = client.Windows.ClientCredential;
        var credential = new KerberosClientCredential { ServicePrincipal = ServicePrincipalOf(service) ?? $"host/{service.Uri.DnsSafeHost}" };
        return user is null or { UserName.Length: 0 }
            ? credential
            : credential with
            {
                // A realm is written in capitals, a domain any way.
                Principal = user.Domain.Length == 0 ? user.UserName : $"{user.UserName}@{user.Domain.ToUpperInvariant()}",
                Password = user.Password,
            };
    }

    /// <summary>Reads an identity that is a principal; null where the address states another or none.</summary>
    /// <param name="service">The service.</param>
    public static string? ServicePrincipalOf(EndpointAddress service) =>
        service.Identity?.IdentityClaim is { Resource: string name } claim && (claim.ClaimType == ClaimTypes.Spn || claim.ClaimType == ClaimTypes.Upn) ? name : null;
}
