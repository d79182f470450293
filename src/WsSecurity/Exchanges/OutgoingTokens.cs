using WsSecurity.Policy;
using WsSecurity.Policy.SupportingTokens;
using WsSecurity.Tokens.Custom;
using WsSecurity.Tokens.Username;

namespace WsSecurity.Exchanges;

/// <summary>Makes the supporting tokens of a message, one method a family.</summary>
/// <param name="party">Whose they are.</param>
/// <param name="context">What the caller knows of the message.</param>
/// <param name="required">What the policy means for it.</param>
/// <param name="passwordKey">The key that protects the message, where it is derived from the user's password.</param>
internal sealed class OutgoingTokens(Party party, MessageContext context, MessageRequirements required, OutgoingPasswordKey? passwordKey)
{
    /// <returns>The tokens; an optional one that the credentials do not have is left out.</returns>
    /// <exception cref="WsSecurityException">A token would go in clear that must not.</exception>
    /// <exception cref="InvalidOperationException">The credentials lack a token.</exception>
    public List<OutgoingToken> Create()
    {
        var tokens = new List<OutgoingToken>();
        foreach (var token in required.Tokens)
        {
            if (Create(token) is { } created)
            {
                tokens.Add(created);
            }
            else if (!token.Optional)
            {
                throw new InvalidOperationException($"The policy demands a {token.Type} token, and the credentials have none.");
            }
        }

        return tokens;
    }

    private OutgoingToken? Create(SupportingToken token) => token.Type switch
    {
        SecurityTokenType.Username => CreateUsername(token),
        SecurityTokenType.X509 => CreateCertificate(token),
        SecurityTokenType.Saml => CreateAssertion(token),
        SecurityTokenType.Custom => CreateCustom(token),
        SecurityTokenType.Kerberos => CreateKerberos(token),
        _ => throw new InvalidOperationException($"Tokens of the type {token.Type} cannot be written."),
    };

    /// <summary>The assertion of a token: what the provider gave, else that of the credentials; null where there is none.</summary>
    public SamlAssertionCredential? FindAssertion(SupportingToken token) => Acquired<SamlAssertionCredential>(token) ?? party.Credentials.SamlAssertion;

    private OutgoingToken? CreateUsername(SupportingToken token)
    {
        if (passwordKey is not null)
        {
            return new OutgoingToken(token, passwordKey.Item, null);
        }

        if (string.IsNullOrEmpty(party.Credentials.UserName))
        {
            return null;
        }

        if (token.Kind.Endorses())
        {
            return CreateEndorsingUsername(token);
        }

        if (token.PasswordType == PasswordType.Text && !required.IsEncrypted(token) && !context.IsTransportProtected)
        {
            throw new WsSecurityException(SecurityFailure.PasswordNotProtected, "The password would go in clear, neither encrypted nor over a protected transport.");
        }

        return new OutgoingToken(token, HeaderItem.Create("UT", (buffer, id) => UsernameTokenWriter.Write(buffer, id, party.Credentials, token.PasswordType, party.Now)), null);
    }

    private OutgoingToken? CreateEndorsingUsername(SupportingToken token)
    {
        if (string.IsNullOrEmpty(party.Credentials.Password))
        {
            return null;
        }

        var key = OutgoingKey.OfPassword(new OutgoingPasswordKey(party, signs: true), token.RequireDerivedKeys, party);
        return new OutgoingToken(token, key.Token, key);
    }

    private OutgoingToken? CreateCertificate(SupportingToken token)
    {
        if (party.Keys.FindTokenCertificate(token) is not var (certificate, signingKey))
        {
            return null;
        }

        if (!token.Kind.Endorses())
        {
            return new OutgoingToken(token, HeaderItem.Create("X509", (buffer, id) => Tokens.X509.X509TokenWriter.WriteToken(buffer, id, certificate, party.Policy.EmitBspRequiredAttributes)), null);
        }

        if (signingKey is null)
        {
            return null;
        }

        var travels = SupportingTokensCheck.Travels(token) || TokenInclusion.Travels(party.Policy, token, isReply: false);
        var key = OutgoingKey.OfCertificate(signingKey, certificate, travels, party.NamedForm(certificate, token.KeyReference), party.Policy.EmitBspRequiredAttributes);
        return new OutgoingToken(token, key.Token, key);
    }

    private OutgoingToken? CreateKerberos(SupportingToken token)
    {
        if (party.CreateKerberosToken() is not { } kerberos)
        {
            return null;
        }

        if (!token.Kind.Endorses() && !required.IsEncrypted(token) && !context.IsTransportProtected)
        {
            throw new WsSecurityException(
                SecurityFailure.BearerTokenNotProtected, "The Kerberos token, whose key signs nothing, would go in clear, neither encrypted nor over a protected transport.");
        }

        if (token.Kind.Endorses())
        {
            return new OutgoingToken(token, kerberos.Item, OutgoingKey.OfTicket(kerberos, party));
        }

        kerberos.Key.Dispose();
        return new OutgoingToken(token, kerberos.Item, null);
    }

    private OutgoingToken? CreateAssertion(SupportingToken token)
    {
        if (FindAssertion(token) is not { } assertion)
        {
            return null;
        }

        DemandIssued(token, assertion);

        if (assertion.IsBearer && !required.IsEncrypted(token) && !context.IsTransportProtected)
        {
            throw new WsSecurityException(SecurityFailure.BearerTokenNotProtected, "The bearer assertion would go in clear, neither encrypted nor over a protected transport.");
        }

        if (assertion.IsEncrypted && (required.IsSigned(token) || party.Policy.ProtectTokens))
        {
            throw new InvalidOperationException("The policy signs the SAML assertion, which its issuer encrypted: its sender does not know what its receiver will read.");
        }

        var item = new HeaderItem(assertion.Id, assertion.Octets) { IsForeign = true };
        return new OutgoingToken(token, item, FindSubjectKey(assertion, item));
    }

    // What the recipient would refuse; what the issuer encrypted, its sender cannot know.
    private static void DemandIssued(SupportingToken token, SamlAssertionCredential assertion)
    {
        if (token.SamlVersion is { } version && !assertion.IsEncrypted && assertion.IsSaml20 != (version == SamlVersion.Saml20))
        {
            throw new InvalidOperationException($"The policy demands an assertion of {version}, and the credentials have another one.");
        }

        if (token.IssuedTokenParameters?.KeyType is { } type && (type == IssuedTokenKeyType.SymmetricKey) == assertion.ProofKey.IsEmpty)
        {
            throw new InvalidOperationException($"The policy demands an assertion with KeyType {type}, and the one of the credentials has {(assertion.ProofKey.IsEmpty ? "no" : "a")} ProofKey.");
        }
    }

    // Derived where the message's own keys are, as in WCF; never over a transport binding.
    private OutgoingKey? FindSubjectKey(SamlAssertionCredential assertion, HeaderItem item)
    {
        if (assertion.ProofKey is not { IsEmpty: false } proof)
        {
            return party.Keys.SigningKey is { } key ? OutgoingKey.OfSubject(key, assertion, item) : null;
        }

        return required.DerivesKeys
            ? OutgoingKey.DerivedOfSubject(proof, party.Suite.SignatureDerivedKeyLength, party.ConversationVersion, party.Policy.EmitBspRequiredAttributes, assertion, item)
            : OutgoingKey.OfSubject(new Algorithms.HmacSignatureKey(proof), assertion, item);
    }

    private OutgoingToken? CreateCustom(SupportingToken token)
    {
        if (Acquired<CustomTokenCredential>(token) is not { } credential)
        {
            return null;
        }

        if (!token.Kind.Endorses() && !required.IsEncrypted(token) && !context.IsTransportProtected)
        {
            throw new WsSecurityException(SecurityFailure.BearerTokenNotProtected, $"The '{token.Name}' token would go in clear, neither encrypted nor over a protected transport.");
        }

        var item = CustomTokenWriter.Write(credential, isReferenced: token.Kind.Endorses() || required.IsSigned(token));
        var key = credential.Key is { } own ? new OutgoingKey(own.Key, item, (writer, _) => CustomTokenWriter.WriteReference(writer, item.Id, credential.ValueType)) : null;
        return new OutgoingToken(token, item, key);
    }

    private T? Acquired<T>(SupportingToken token)
        where T : SecurityTokenCredential => party.Acquisitions.Find(token, context) switch
    {
        null => null,
        T credential => credential,
        var other => throw new InvalidOperationException($"The provider gave a {other.GetType().Name} where the policy demands a {token.Type} token."),
    };
}
