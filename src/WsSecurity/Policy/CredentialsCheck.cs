using System.Security.Cryptography.X509Certificates;
using WsSecurity.Exchanges;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Policy;

/// <summary>Whether the credentials have what the policy needs, told when a role is created rather than with the first message.</summary>
internal static class CredentialsCheck
{
    public static void Initiator(Party party)
    {
        var request = Requirements(party, isReply: false);
        if (party.Binding.Kind == BindingKind.Asymmetric && request.HasSignature)
        {
            DemandSigningKey(party, "the request");
        }

        if (request.Endorses)
        {
            DemandSigningKey(party, "the endorsing signature");
        }

        if ((request.Encrypts || party.Binding.Kind == BindingKind.Symmetric) && party.Credentials.PeerCertificates.Count == 0)
        {
            throw Missing(party, "PeerCertificates: the service's certificate, for which the request is encrypted");
        }

        if ((request.Encrypts || party.Binding.Kind == BindingKind.Symmetric) && !CanEncryptFor(party, party.Credentials.PeerCertificates[0]))
        {
            throw Missing(party, party.Suite.AgreesKeys
                ? "an RSA or elliptic curve certificate as the first of PeerCertificates, whose key usage permits to encrypt a key for it"
                : $"an RSA certificate as the first of PeerCertificates, to transport a key for; the algorithm suite {party.Suite.Name} agrees on none");
        }

        if (request.SamlToken is { Optional: false } && party.Credentials.SamlAssertion is null)
        {
            throw Missing(party, "SamlAssertion");
        }

        if (request.SubjectEndorses && party.Credentials.SamlAssertion is not null)
        {
            DemandSigningKey(party, "as the SAML assertion's subject");
        }

        if (request.UsernameToken is { Optional: false } token)
        {
            if (string.IsNullOrEmpty(party.Credentials.UserName))
            {
                throw Missing(party, "UserName");
            }

            if (token.PasswordType != PasswordType.None && party.Credentials.Password is null)
            {
                throw Missing(party, "Password");
            }
        }
    }

    public static void Recipient(Party party)
    {
        var request = Requirements(party, isReply: false);
        var reply = Requirements(party, isReply: true);
        if ((request.Encrypts || party.Binding.Kind == BindingKind.Symmetric) && !HasDecryptionKey(party))
        {
            throw Missing(party, "a Certificate, or EncryptionCertificate, with a private key of RSA, or of a suite that agrees on keys of an elliptic curve, which decrypts requests");
        }

        if (party.Binding is { Kind: BindingKind.Asymmetric, SignsOnly: false } && reply.HasSignature && !party.Policy.EnableUnsecuredResponse && !party.IsTransit)
        {
            DemandSigningKey(party, "the reply");
        }

        if (request.UsernameToken is not null && party.Credentials.UsernameTokenValidator is null)
        {
            throw Missing(party, "a UsernameTokenValidator");
        }

        if (request.SamlToken is not null && !party.Credentials.TrustDomains.Any(domain => domain.SamlIssuers.Count > 0 || domain.MayVouch))
        {
            throw Missing(party, "a TrustDomain with SamlIssuers, or one that MayVouch, for the SAML assertion");
        }

        if (party.Policy.DetectReplays && !party.Policy.IncludeTimestamp && request.UsernameToken is null)
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

    private static MessageRequirements Requirements(Party party, bool isReply) =>
        MessageRequirements.For(party.Policy, party.Binding, isReply, action: null, stated: null);

    private static bool HasDecryptionKey(Party party) =>
        (party.Credentials.EncryptionCertificate ?? party.Credentials.Certificate) is { HasPrivateKey: true } certificate && CanEncryptFor(party, certificate);

    private static bool CanEncryptFor(Party party, X509Certificate2 certificate) =>
        certificate.GetRSAPublicKey() is not null || (party.Suite.AgreesKeys && new CertificateEntry(certificate).AgreementKey is not null);

    private static void DemandSigningKey(Party party, string what)
    {
        if (party.SigningKey is null)
        {
            throw Missing(party, $"a Certificate with an RSA or ECDSA private key, which signs {what}");
        }

        try
        {
            party.Suite.SignatureFor(party.SigningKey, party.Policy.SignatureAlgorithms);
            party.Suite.RequireKeyLength(party.SigningKey);
        }
        catch (Exception exception) when (exception is WsSecurityException or InvalidOperationException)
        {
            throw new ArgumentException($"The Certificate cannot sign {what}: {exception.Message}", exception);
        }
    }

    private static ArgumentException Missing(Party party, string what) =>
        new($"The authentication mode {party.Policy.AuthenticationMode} needs credentials with {what}.");
}
