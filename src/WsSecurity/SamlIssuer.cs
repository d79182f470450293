using System.Security.Cryptography.X509Certificates;

namespace WsSecurity;

/// <summary>An issuer of SAML assertions, trusted for the certificate that is named here and no other.</summary>
/// <param name="Issuer">The issuer's name, as its assertions spell it.</param>
/// <param name="Certificate">The certificate whose key signs the assertions; its octets and its validity count, not who issued it.</param>
public sealed record SamlIssuer(string Issuer, X509Certificate2 Certificate);
