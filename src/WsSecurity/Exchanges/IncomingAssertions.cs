using WsSecurity.Encryption;
using WsSecurity.Specifications;
using WsSecurity.Tokens.Saml;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>The SAML assertions of a message, each read once: where it stands, or where a signature that comes before it names it.</summary>
internal sealed class IncomingAssertions(Party party, IncomingDocument document)
{
    private readonly List<SamlAssertion> _assertions = [];

    public IReadOnlyList<SamlAssertion> All => _assertions;

    private bool HasUse => party.Binding.Has(SecurityTokenType.Saml) && !party.IsInitiator;

    /// <summary>Whether an element is an assertion that the policy has a use for: requests carry them, and replies none.</summary>
    public bool Accepts(XmlElement element) => HasUse && SamlAssertionReader.Is(element);

    /// <summary>Whether an element is an encrypted assertion that the policy has a use for.</summary>
    public bool AcceptsEncrypted(XmlElement element) => HasUse && element.Is("EncryptedAssertion"u8, Saml20.Namespace);

    /// <summary>Reads an assertion and verifies its issuer's signature.</summary>
    /// <param name="element">The assertion.</param>
    /// <param name="keys">What decrypts parts of it.</param>
    /// <exception cref="WsSecurityException">It is broken, changed, or by nobody who is trusted.</exception>
    public SamlAssertion Read(XmlElement element, IncomingKeys keys)
    {
        if (_assertions.Find(known => known.Element.Is(element)) is { } known)
        {
            return known;
        }

        HeaderLimit.Demand(_assertions.Count, party.Policy.Limits.MaxTokens, "SAML assertions");
        var builder = SamlAssertionReader.Read(element, der => party.ReadCertificate(der));
        var seal = SamlAssertionSignature.Verify(element, builder.ClaimedIssuer, party);
        foreach (var encrypted in builder.Encrypted)
        {
            ReadEncrypted(encrypted, builder, seal, keys);
        }

        var assertion = builder.Build(document.Track(element), seal);
        if (seal is not null)
        {
            assertion = assertion with { Confirmations = assertion.Confirmations.Select(confirmation => OpenProofKey(confirmation, new SamlAssertionName(assertion.Id, assertion.IsSaml20), keys)).ToList() };
        }

        _assertions.Add(assertion);
        return assertion;
    }

    private static SamlSubjectConfirmation OpenProofKey(SamlSubjectConfirmation confirmation, SamlAssertionName name, IncomingKeys keys)
    {
        if (confirmation.Key is not SamlProofKey proof)
        {
            return confirmation;
        }

        try
        {
            var secret = keys.EncryptedKeys.Open([proof.Encrypted], null);
            secret.Assertion = name;
            return confirmation with { Key = proof with { Secret = secret } };
        }
        catch (WsSecurityException exception) when (exception.Failure == SecurityFailure.DecryptionKeyUnavailable)
        {
            // Another relying party's; the assertion may offer other ways.
            return confirmation;
        }
    }

    // Only for an issuer who is trusted: anybody else could have ciphertexts tried.
    private void ReadEncrypted(XmlElement element, SamlAssertionBuilder builder, SamlSeal? seal, IncomingKeys keys)
    {
        if (seal is null)
        {
            throw new WsSecurityException(SecurityFailure.AssertionNotSigned, "A part of a SAML assertion is encrypted, and no issuer signed it.");
        }

        var encrypted = SamlEncryptedElement.Read(element);
        var algorithm = party.Suite.FindContentEncryption(encrypted.Data.UntrustedAlgorithm);
        using var plaintext = Decryption.Decrypt(new PendingDecryption(encrypted.Data, algorithm, keys.EncryptedKeys.Open(encrypted.Keys, algorithm)), party.Policy.Limits);
        Saml20Reader.ReadDecrypted(plaintext.Root, element, builder);
    }
}
