using System.Security.Cryptography.X509Certificates;
using WsSecurity.Algorithms;
using WsSecurity.Exchanges;
using WsSecurity.Policy.SupportingTokens;
using WsSecurity.Tokens.Kerberos.Gssapi;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Policy;

/// <summary>Whether the credentials have what the policy needs, told when a role is created rather than with the first message.</summary>
internal static class CredentialsCheck
{
    public static void Initiator(Party party)
    {
        var request = Requirements(party, isReply: false);
        if (party.Binding.SubjectSigns && party.Credentials.SamlAssertion is { } assertion && party.Binding.SharesSubjectKey == assertion.ProofKey.IsEmpty)
        {
            throw Missing(party, party.Binding.SharesSubjectKey ? "a SamlAssertion with a ProofKey, which protects the messages" : "a SamlAssertion without a ProofKey: its subject signs by a Certificate");
        }

        if (party.Binding.Kind == BindingKind.Asymmetric && request.HasSignature)
        {
            DemandSigningKey(party, "the request");
        }

        if (TransportsKey(party))
        {
            DemandEncryptionTargets(party);
        }

        if (party.Binding.KerberosProtects)
        {
            DemandTickets(party);
        }

        DemandTokens(party);
    }

    public static void Recipient(Party party)
    {
        var request = Requirements(party, isReply: false);
        var reply = Requirements(party, isReply: true);
        if (party.Binding is { KerberosProtects: false, PasswordProtects: false } && (EncryptsRequests(party) || party.Binding.Kind == BindingKind.Symmetric) && !HasDecryptionKey(party))
        {
            throw Missing(party, "a Certificate, or EncryptionCertificate, with a private key of RSA, or of a suite that agrees on keys of an elliptic curve, which decrypts requests");
        }

        if (party.Binding is { Kind: BindingKind.Asymmetric, SignsOnly: false } && reply.HasSignature && !party.Policy.EnableUnsecuredResponse && !party.IsTransit)
        {
            DemandSigningKey(party, "the reply");
        }

        if (party.Binding.Has(SecurityTokenType.Username) && party.Credentials.UsernameTokenValidator is null)
        {
            throw Missing(party, "a UsernameTokenValidator");
        }

        if (party.Binding.UsesPasswordKeys && party.Credentials.UsernameTokenValidator is not IUsernameTokenKeySource)
        {
            throw Missing(party, $"a UsernameTokenValidator that is an {nameof(IUsernameTokenKeySource)}, and gives the keys that are derived from passwords");
        }

        if (party.Binding.Tokens.FirstOrDefault(token => token.Name is not null && !party.TokenHandlers.Any(handler => handler.Name == token.Name)) is { } custom)
        {
            throw Missing(party, $"a handler of '{custom.Name}' among CustomTokenHandlers");
        }

        if (party.Binding.Has(SecurityTokenType.X509) && party.Credentials.TrustDomains.Count == 0)
        {
            throw Missing(party, "a TrustDomain, for the certificate that is a supporting token");
        }

        if (party.Binding.Has(SecurityTokenType.Saml) && !party.Credentials.TrustDomains.Any(domain => domain.SamlIssuers.Count > 0 || domain.MayVouch))
        {
            throw Missing(party, "a TrustDomain with SamlIssuers, or one that MayVouch, for the SAML assertion");
        }

        if (party.Binding.UsesKerberos)
        {
            DemandGssapi(party);
            _ = party.Credentials.KerberosService ?? throw Missing(party, "KerberosService, which says by which keytab tickets are accepted");
            if (!party.Credentials.TrustDomains.Any(domain => domain.KerberosRealms.Count > 0))
            {
                throw Missing(party, "a TrustDomain with KerberosRealms, whose clients are accepted");
            }
        }

        if (party.Policy.DetectReplays && !party.Policy.IncludeTimestamp && (!party.Binding.Has(SecurityTokenType.Username) || party.Binding.UsesPasswordKeys) && !party.Binding.UsesKerberos)
        {
            throw new ArgumentException("Replays cannot be detected without a Timestamp, since every message would have to be remembered for ever; set IncludeTimestamp to true or DetectReplays to false.");
        }
    }

    public static void TransitInitiator(Party party)
    {
        DemandHeaderOnly(party);
        Initiator(party);
    }

    public static void TransitRecipient(Party party)
    {
        DemandHeaderOnly(party);
        Recipient(party);
    }

    // What stands outside of the header is the two ends' affair.
    private static void DemandHeaderOnly(Party party)
    {
        if (party.Binding.Kind == BindingKind.Symmetric)
        {
            throw new ArgumentException($"The authentication mode {party.Policy.AuthenticationMode} shares a key between two parties, and a node on the way is neither; use CertificateSignature.");
        }

        var byOperation = party.Policy.EncryptedParts?.Operations.Values ?? [];
        if (!Requirements(party, isReply: false).Encrypted.IsEmpty || byOperation.Any(parts => !parts.IsEmpty))
        {
            throw new ArgumentException("The policy encrypts parts, which would change the message for a node on the way; set ProtectionLevel to Sign, or use CertificateSignature.");
        }
    }

    // Tokens of single operations included.
    private static bool EncryptsRequests(Party party) =>
        !Requirements(party, isReply: false).Encrypted.IsEmpty || (party.Binding.Kind != BindingKind.Transport && party.Binding.Tokens.Any(token => token.Kind.IsEncrypted()));

    // A key that is encrypted for the service.
    private static bool TransportsKey(Party party) => party.Binding.Kind == BindingKind.Symmetric ? party.Binding is { KerberosProtects: false, SharesSubjectKey: false, PasswordProtects: false } : EncryptsRequests(party);

    private static void DemandTokens(Party party)
    {
        var certificates = new List<CertificateEntry>();
        foreach (var token in party.Binding.Tokens)
        {
            switch (token.Type)
            {
                case SecurityTokenType.X509:
                    DemandCertificate(party, token, certificates);
                    break;
                case SecurityTokenType.Username when !token.Optional:
                    DemandUser(party, token);
                    break;
                case SecurityTokenType.Custom when !token.Optional && party.Credentials.TokenProvider is null:
                    throw Missing(party, $"a TokenProvider, for the '{token.Name}' token");
                case SecurityTokenType.Saml:
                    DemandAssertion(party, token);
                    break;
                case SecurityTokenType.Kerberos when !token.Optional || party.Credentials.KerberosClient is not null:
                    DemandTickets(party);
                    break;
            }
        }
    }

    private static void DemandCertificate(Party party, SupportingToken token, List<CertificateEntry> others)
    {
        if (party.Keys.FindTokenCertificate(token) is not var (certificate, key))
        {
            if (!token.Optional)
            {
                throw Missing(party, token.Kind.Endorses() ? "a Certificate with an RSA or ECDSA private key, which signs the endorsing signature" : "a Certificate, or SupportingCertificates, for the X509 supporting token");
            }

            return;
        }

        if (!token.Kind.Endorses())
        {
            return;
        }

        if (others.Exists(certificate.HasSameOctets))
        {
            throw Missing(party, "another one of SupportingCertificates for each certificate that endorses; two of the same are one party");
        }

        others.Add(certificate);
        if (key is not null || !token.Optional)
        {
            DemandSigningKey(party, key, "the endorsing signature");
        }
    }

    private static void DemandUser(Party party, SupportingToken token)
    {
        if (string.IsNullOrEmpty(party.Credentials.UserName))
        {
            throw Missing(party, "UserName");
        }

        if (party.Binding.UsesPasswordKeys ? string.IsNullOrEmpty(party.Credentials.Password) : token.PasswordType != PasswordType.None && party.Credentials.Password is null)
        {
            throw Missing(party, "Password");
        }
    }

    private static void DemandAssertion(Party party, SupportingToken token)
    {
        if (party.Credentials.SamlAssertion is null)
        {
            if (!token.Optional && party.Credentials.TokenProvider is null)
            {
                throw Missing(party, "SamlAssertion");
            }
        }
        else if (token.Kind.Endorses() && party.Credentials.SamlAssertion.ProofKey.IsEmpty)
        {
            DemandSigningKey(party, "as the SAML assertion's subject");
        }
    }

    private static void DemandTickets(Party party)
    {
        DemandGssapi(party);
        _ = party.Credentials.KerberosClient ?? throw Missing(party, "KerberosClient, which says whom to call and how to get tickets");
    }

    private static void DemandGssapi(Party party)
    {
        if (!GssapiLibrary.IsAvailable)
        {
            throw new PlatformNotSupportedException(
                $"The authentication mode {party.Policy.AuthenticationMode} uses Kerberos tickets, which need MIT Kerberos' GSSAPI library on Linux: libgssapi_krb5.so.2 (Debian: libgssapi-krb5-2).");
        }
    }

    private static MessageRequirements Requirements(Party party, bool isReply) =>
        MessageRequirements.For(party.Policy, party.Binding, isReply, action: null, stated: null);

    private static bool HasDecryptionKey(Party party) =>
        (party.Credentials.EncryptionCertificate ?? party.Credentials.Certificate) is { HasPrivateKey: true } certificate && CanEncryptFor(party, certificate);

    private static bool CanEncryptFor(Party party, X509Certificate2 certificate) =>
        certificate.GetRSAPublicKey() is not null || (party.Suite.AgreesKeys && new CertificateEntry(certificate).AgreementKey is not null);

    private static void DemandEncryptionTargets(Party party)
    {
        var (peers, others) = (party.Credentials.PeerCertificates, party.Credentials.PeerEncryptionCertificates);
        if (peers.Count == 0 && others.Count == 0)
        {
            throw Missing(party, "PeerCertificates: the service's certificate, for which the request is encrypted");
        }

        if (others.Count > 1 && party.Binding.Kind == BindingKind.Symmetric)
        {
            throw new ArgumentException($"In the authentication mode {party.Policy.AuthenticationMode} the service's key protects the reply, too, so that PeerEncryptionCertificates can be one only.");
        }

        if (!party.Peers.EncryptionTargets.All(target => CanEncryptFor(party, target.Certificate)))
        {
            var which = others.Count > 0 ? "in PeerEncryptionCertificates" : "as the first of PeerCertificates";
            throw Missing(party, party.Suite.AgreesKeys
                ? $"an RSA or elliptic curve certificate {which}, whose key usage permits to encrypt a key for it"
                : $"an RSA certificate {which}, to transport a key for; the algorithm suite {party.Suite.Name} agrees on none");
        }
    }

    private static void DemandSigningKey(Party party, string what) => DemandSigningKey(party, party.Keys.SigningKey, what);

    private static void DemandSigningKey(Party party, SignatureKey? key, string what)
    {
        if (key is null)
        {
            throw Missing(party, $"a Certificate with an RSA or ECDSA private key, which signs {what}");
        }

        try
        {
            party.Suite.SignatureFor(key, party.Policy.SignatureAlgorithms);
            party.Suite.RequireKeyLength(key);
        }
        catch (Exception exception) when (exception is WsSecurityException or InvalidOperationException)
        {
            throw new ArgumentException($"The Certificate cannot sign {what}: {exception.Message}", exception);
        }
    }

    private static ArgumentException Missing(Party party, string what) =>
        new($"The authentication mode {party.Policy.AuthenticationMode} needs credentials with {what}.");
}
