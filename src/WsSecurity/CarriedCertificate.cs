using System.Security.Cryptography.X509Certificates;

namespace WsSecurity;

/// <summary>A certificate that came as a supporting token without a proof of its key. It is valid, and authenticates nobody.</summary>
/// <param name="Certificate">The certificate; do not dispose it, it is shared.</param>
/// <param name="TrustDomain">The trust domain that accepts it.</param>
public sealed record CarriedCertificate(X509Certificate2 Certificate, string TrustDomain);
