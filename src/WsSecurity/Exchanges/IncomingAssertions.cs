using WsSecurity.Tokens.Saml;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>The SAML assertions of a message, each read once: where it stands, or where a signature that comes before it names it.</summary>
internal sealed class IncomingAssertions(Party party, IncomingDocument document)
{
    private readonly List<SamlAssertion> _assertions = [];

    public IReadOnlyList<SamlAssertion> All => _assertions;

    /// <summary>Whether an element is an assertion that the policy has a use for: requests carry them, and replies none.</summary>
    public bool Accepts(XmlElement element) => party.Binding.SamlToken is not null && !party.IsInitiator && SamlAssertionReader.Is(element);

    /// <summary>Reads an assertion and verifies its issuer's signature.</summary>
    /// <exception cref="WsSecurityException">It is broken, changed, or by nobody who is trusted.</exception>
    public SamlAssertion Read(XmlElement element)
    {
        if (_assertions.Find(known => known.Element.Is(element)) is { } known)
        {
            return known;
        }

        HeaderLimit.Demand(_assertions.Count, party.Policy.Limits.MaxTokens, "SAML assertions");
        var assertion = SamlAssertionReader.Read(element, document.Track(element), der => party.ReadCertificate(der));
        assertion = assertion with { Seal = SamlAssertionSignature.Verify(element, assertion.Issuer, party) };
        _assertions.Add(assertion);
        return assertion;
    }
}
