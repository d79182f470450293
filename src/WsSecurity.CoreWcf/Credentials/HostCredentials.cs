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
    public static SecurityCredentials Find(WsSecurityBindingElement element, ServiceCredentials? host, IServiceProvider? provider)
    {
        var credentials = element.Credentials ?? (host is null ? new SecurityCredentials() : Read(host));
        return credentials.UsernameTokenValidator is not null
            ? credentials
            : credentials with { UsernameTokenValidator = provider?.GetService<IUsernameTokenValidator>() };
    }

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
