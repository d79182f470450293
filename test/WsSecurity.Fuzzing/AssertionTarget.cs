using WsSecurity.Exchanges;
using WsSecurity.Signatures;
using WsSecurity.Tokens.Saml;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Fuzzing;

/// <summary>Reads a SAML assertion: what is read of it must be what its issuer's signature covers, which is its canonical form.</summary>
internal static class AssertionTarget
{
    public static void Read(byte[] octets)
    {
        using XmlIndex index = XmlIndex.Scan(XmlEncoding.ToUtf8(octets, charset: null), ProcessingLimits.Default);
        SamlAssertion assertion = Read(index);
        using XmlIndex canonical = XmlIndex.Scan(CanonicalOctets.Of(index.Root, CanonicalizationMethod.Exclusive, PrefixList.Empty), ProcessingLimits.Default);
        FuzzTarget.Require(Describe(Read(canonical)) == Describe(assertion), "an assertion and its canonical form say the same");
    }

    private static SamlAssertion Read(XmlIndex index)
    {
        if (!SamlAssertionReader.Is(index.Root))
        {
            throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "It is no assertion.");
        }

        return SamlAssertionReader.Read(index.Root, der => new CertificateCache().Read(der)).Build(new TrackedElement(index.Root), seal: null);
    }

    private static string Describe(SamlAssertion assertion) => string.Join(
        '\n',
        [
            assertion.Id,
            assertion.Issuer,
            $"{assertion.Subject}",
            $"{assertion.Conditions.NotBefore:O} {assertion.Conditions.NotOnOrAfter:O} {assertion.Conditions.IsOneTime}",
            .. assertion.Conditions.Audiences.Select(audiences => string.Join(',', audiences)),
            .. assertion.Confirmations.Select(one => $"{one.Method} {one.NotBefore:O} {one.NotOnOrAfter:O} {one.Recipient} {one.Address} {one.InResponseTo} {one.Key?.GetType().Name}"),
            .. assertion.Attributes.Select(attribute => $"{attribute.Name}={string.Join(',', attribute.Values)}"),
            .. assertion.Authentications.Select(one => $"{one}"),
        ]);
}
