using System.Security.Cryptography.X509Certificates;
using WsSecurity.Policy.AppConfig;

namespace WsSecurity;

/// <summary>The credentials that a .NET Framework configuration describes for an endpoint: its behavior's and its address's. Nothing is opened yet.</summary>
public sealed record AppConfigCredentials
{
    /// <summary>Our own certificate: the client's <c>clientCertificate</c>, the service's <c>serviceCertificate</c>.</summary>
    public StoreCertificate? Certificate { get; init; }

    /// <summary>
    /// The other party's: of a service its <c>scopedCertificates</c> for the address, else its <c>defaultCertificate</c>, else the identity's
    /// <c>certificateReference</c>; of a client its <c>clientCertificate/certificate</c>.
    /// </summary>
    public StoreCertificate? PeerCertificate { get; init; }

    /// <summary>The certificate of the address's identity (<c>certificate encodedValue</c>), where no other is named.</summary>
    public X509Certificate2? IdentityCertificate { get; init; }

    /// <summary>The DNS name that the service's certificate must have: the identity's, else the address's host, as in .NET Framework.</summary>
    public string? ServiceDnsName { get; init; }

    internal IReadOnlyList<TrustedStore> TrustedStores { get; init => field = ValueList.Of(value); } = ValueList<TrustedStore>.Empty;

    /// <summary>
    /// Opens the stores. Names, passwords and validators stand in no configuration: add them with
    /// <c>with { UserName = …, Password = …, UsernameTokenValidator = … }</c>.
    /// </summary>
    /// <returns>The credentials.</returns>
    /// <exception cref="BindingConfigurationException">A store cannot be opened, or does not have exactly one such certificate.</exception>
    public SecurityCredentials Load() => StoreCredentials.Load(this);
}
