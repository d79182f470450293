using CoreWCF.Description;
using Microsoft.Extensions.DependencyInjection;

namespace WsSecurity.CoreWcf.Credentials;

/// <summary>Where a service's credentials come from: the binding element, or the host's ServiceCredentials; and the host's services for what both lack.</summary>
internal static class HostCredentials
{
    private const string DomainName = "ClientCertificate.Certificate";

    /// <summary>Finds them.</summary>
    /// <param name="element">The element, whose credentials come first.</param>
    /// <param name="host">The host's; null where it has none.</param>
    /// <param name="provider">The host's services; null where they are not known.</param>
    /// <exception cref="InvalidOperationException">The host's settings cannot mean what they say.</exception>
    public static SecurityCredentials Find(WsSecurityBindingElement element, ServiceCredentials? host, IServiceProvider? provider)
    {
        var credentials = element.Credentials ?? (host is null ? new SecurityCredentials() : Read(host));
        if (credentials.CustomTokenHandlers.Count == 0 && provider is not null)
        {
            credentials = credentials with { CustomTokenHandlers = [.. provider.GetServices<ICustomTokenHandler>()] };
        }

        if (credentials.UsernameTokenValidator is UserNamePasswordTokenValidator && DemandsPassword(element.Policy))
        {
            return credentials with
            {
                UsernameTokenValidator = provider?.GetService<IUsernameTokenValidator>() ?? throw new InvalidOperationException(
                    "The policy demands password digests, or keys that are derived from passwords, and a UserNamePasswordValidator sees only passwords in clear. " +
                    $"Register an {nameof(IUsernameTokenValidator)}, which looks the password up and compares: token.{nameof(UsernameTokenCredential.Matches)}(password); for keys an {nameof(IUsernameTokenKeySource)}."),
            };
        }

        return credentials.UsernameTokenValidator is not null
            ? credentials
            : credentials with { UsernameTokenValidator = provider?.GetService<IUsernameTokenValidator>() };
    }

    private static bool DemandsPassword(SecurityPolicy policy) =>
        policy.AuthenticationMode == AuthenticationMode.UserNameDerivedKey
        || policy.SupportingTokens.Any(token => token is { Type: SecurityTokenType.Username, PasswordType: PasswordType.Digest or PasswordType.None });

    private static SecurityCredentials Read(ServiceCredentials host)
    {
        var domains = ClientCertificateTrust.Read(host.ClientCertificate.Authentication).ToList();
        var client = host.ClientCertificate.Certificate;
        if (client is not null)
        {
            domains.Insert(0, new TrustDomain { Name = DomainName, Certificates = [client] });
        }

        return new SecurityCredentials
        {
            Certificate = host.ServiceCertificate.Certificate,
            PeerCertificates = client is null ? [] : [client],
            TrustDomains = domains,
            UsernameTokenValidator = host.UserNameAuthentication.CustomUserNamePasswordValidator is { } validator ? new UserNamePasswordTokenValidator(validator) : null,
        };
    }
}
