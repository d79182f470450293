using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace WsSecurity.Tests.Vectors;

/// <summary>
/// Messages that WSS4J 1.6.19 wrote (shared/vectors/wss4j-1.6.19-generated) and attacks derived from them (attacks-derived), each under the
/// policy that asks for what it is named after. expected.tsv of both folders states the outcome.
/// </summary>
[VectorFixture]
public sealed class Wss4jMessageTests
{
    private const string Generated = "wss4j-1.6.19-generated/";
    private const string Attacks = "attacks-derived/";

    private static readonly QualifiedName Tenant = new("urn:example:tenant", "Tenant");

    [TestCase("sig-bst-rsa-sha256-soap11")]
    [TestCase("sig-bst-rsa-sha256-soap12")]
    [TestCase("sig-issuerserial-rsa-sha256-soap11")]
    [TestCase("sig-issuerserial-rsa-sha256-soap12")]
    [TestCase("sig-ski-rsa-sha256-soap11")]
    [TestCase("sig-thumbprint-rsa-sha256-soap11")]
    [TestCase("sig-thumbprint-rsa-sha256-soap12")]
    [TestCase("sig-x509keyid-rsa-sha256-soap12")]
    [TestCase("sig-c14n-inclusive-soap11")]
    [TestCase("sig-strtransform-bst-soap11")]
    [TestCase("sig-strtransform-issuerserial-soap11")]
    [TestCase("sig-strtransform-thumbprint-soap11")]
    [TestCase("sig-bst-rsa-sha512-soap11", nameof(AlgorithmSuite.Basic256GCMSha512))]
    [TestCase("sig-bst-rsa-sha1-soap11", nameof(AlgorithmSuite.Basic256))]
    public void Signed_ByAKnownCertificate_Accepts(string name, string suite = nameof(AlgorithmSuite.Basic256GCMSha256))
    {
        var wire = Read(Generated + name);
        var message = Verify(wire, Signing(wire) with { DefaultAlgorithmSuite = AlgorithmSuite.Parse(suite) });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(message.Evidence.Signatures[0].Parts.Select(part => part.Path), Does.Contain("/Envelope/Body"));
            Assert.That(message.Evidence.Tokens[0].Name, Does.Contain("CN=Colm"));
            Assert.That(Text(message), Does.Contain("grüß &amp; 漢字").And.Not.Contain("Security"));
        }
    }

    [Test]
    public void Signed_ByABareKey_AcceptsWhereThePolicyHasItAndTheCertificateIsKnown()
    {
        var wire = Read(Generated + "sig-keyvalue-rsa-sha256-soap11");
        var message = Verify(wire, Signing(wire) with { KeyReference = KeyReference.KeyValue });
        Assert.That(message.Evidence.Tokens[0].Name, Does.Contain("CN=Colm"));
    }

    [TestCase("sig-strtransform-bst-soap11")]
    [TestCase("sig-strtransform-issuerserial-soap11")]
    [TestCase("sig-strtransform-thumbprint-soap11")]
    public void Signed_TokenByStrTransform_SatisfiesProtectTokens(string name)
    {
        var wire = Read(Generated + name);
        Assert.That(() => Verify(wire, Signing(wire) with { ProtectTokens = true }), Throws.Nothing);
    }

    [TestCase("sig-bst-rsa-sha1-soap11", SecurityFailure.SignatureAlgorithmNotAllowed)]
    [TestCase("sig-bst-dsa-sha1-soap11", SecurityFailure.SignatureAlgorithmNotAllowed)]
    [TestCase("sig-bst-rsa-sha512-soap11", SecurityFailure.SignatureAlgorithmNotAllowed)]
    [TestCase("sig-keyvalue-rsa-sha256-soap11", SecurityFailure.KeyValueNotTrusted)]
    [TestCase("neg-sig-expired-cert-soap11", SecurityFailure.CertificateExpired)]
    [TestCase("neg-sig-expired-ca-soap11", SecurityFailure.CertificateNotTrusted)]
    [TestCase("neg-sig-rsa1024-soap11", SecurityFailure.KeyTooWeak)]
    [TestCase("ts-only-expired-soap11", SecurityFailure.MessageExpired)]
    [TestCase("ts-only-future-soap11", SecurityFailure.MessageNotYetValid)]
    [TestCase("sct-200502-hmac-direct-soap11", SecurityFailure.UnsupportedSecurityToken)]
    [TestCase("sct-200512-dkt-sign-soap11", SecurityFailure.UnsupportedSecurityToken)]
    public void Signed_UnderTheDefaults_Refuses(string name, SecurityFailure failure)
    {
        var wire = Read(Generated + name);
        Assert.That(() => Verify(wire, Signing(wire)), Refused.With(failure));
    }

    [TestCase("enc-aes128-cbc-oaep-bst-soap11", nameof(AlgorithmSuite.Basic128))]
    [TestCase("enc-aes256-cbc-oaep-issuerserial-soap11", nameof(AlgorithmSuite.Basic256))]
    [TestCase("enc-tripledes-cbc-oaep-ski-soap11", nameof(AlgorithmSuite.TripleDes))]
    [TestCase("enc-aes128-gcm-oaep-thumbprint-soap11", nameof(AlgorithmSuite.Basic128GCMSha256))]
    [TestCase("enc-aes192-gcm-oaep-bst-soap11", nameof(AlgorithmSuite.Basic192GCMSha256))]
    [TestCase("enc-aes256-gcm-oaep-issuerserial-soap11", nameof(AlgorithmSuite.Basic256GCMSha256))]
    [TestCase("enc-aes256-gcm-oaep-soap12", nameof(AlgorithmSuite.Basic256GCMSha256))]
    [TestCase("neg-enc-rsa15-aes128cbc-soap11", nameof(AlgorithmSuite.Basic128Rsa15))]
    public void Encrypted_BodyContent_Decrypts(string name, string suite)
    {
        var message = Verify(Read(Generated + name), Encrypting(suite));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(message.Evidence.EncryptedParts[0].Path, Is.EqualTo("/Envelope/Body"));
            Assert.That(Text(message), Does.Contain("grüß &amp; 漢字"));
        }
    }

    [TestCase("enc-encryptedheader-gcm-soap11")]
    [TestCase("enc-header-element-not-encryptedheader-soap11")]
    public void Encrypted_HeaderAndBody_Decrypts(string name)
    {
        var parts = new MessageParts { Body = true, Headers = [Tenant] };
        var message = Verify(Read(Generated + name), Encrypting("Basic128GCMSha256") with { EncryptedParts = parts });
        Assert.That(Text(message), Does.Contain(">blue</t:Tenant>"));
    }

    [TestCase("enc-aes128-cbc-oaep-bst-soap11", SecurityFailure.EncryptionAlgorithmNotAllowed)]
    [TestCase("enc-tripledes-cbc-oaep-ski-soap11", SecurityFailure.EncryptionAlgorithmNotAllowed)]
    [TestCase("neg-enc-rsa15-aes128cbc-soap11", SecurityFailure.EncryptionAlgorithmNotAllowed)]
    public void Encrypted_LegacyUnderTheDefaultSuite_Refuses(string name, SecurityFailure failure) =>
        Assert.That(() => Verify(Read(Generated + name), Encrypting("Basic256GCMSha256")), Refused.With(failure));

    [Test]
    public void Encrypted_Rsa15UnderASuiteOfOaep_Refuses() =>
        Assert.That(() => Verify(Read(Generated + "neg-enc-rsa15-aes128cbc-soap11"), Encrypting("Basic128")), Refused.With(SecurityFailure.KeyTransportAlgorithmNotAllowed));

    [Test]
    public void SignedThenEncrypted_WithEncryptedSignature_ProvesAll()
    {
        var wire = Read(Generated + "sign-then-encrypt-ts-body-sig-soap11");
        var message = Verify(wire, SecurityPolicy.MutualCertificateDuplex with { DefaultAlgorithmSuite = AlgorithmSuite.Basic128GCMSha256 });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(message.Evidence.Signatures[0].WasEncrypted, Is.True);
            Assert.That(message.Evidence.EncryptedParts.Select(part => part.Path), Does.Contain("/Envelope/Body"));
        }
    }

    [TestCase(true)]
    [TestCase(null)]
    public void DerivedKeys_OfAnEncryptedKey_SignAndDecrypt(bool? requireDerivedKeys)
    {
        var policy = SecurityPolicy.AnonymousForCertificate with
        {
            DefaultAlgorithmSuite = AlgorithmSuite.Basic128,
            MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt,
            RequireDerivedKeys = requireDerivedKeys,
            SignedParts = new MessageParts { Body = true },
        };
        var message = Verify(Read(Generated + "dkt-200512-encryptedkey-sign-encrypt-soap11"), policy);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Text(message), Does.Contain("grüß &amp; 漢字"));
            Assert.That(message.Evidence.Tokens, Is.Empty, "an encrypted key authenticates nobody");
        }
    }

    [TestCase("ut-text-soap11", PasswordType.Text)]
    [TestCase("ut-digest-soap11", PasswordType.Digest)]
    public void UsernameToken_RightPassword_Authenticates(string name, PasswordType type)
    {
        var message = Verify(Read(Generated + name), Username(type));
        Assert.That(message.Principal.Identity!.Name, Is.EqualTo("wernerd"));
    }

    [Test]
    public void UsernameToken_SeenBefore_Refuses()
    {
        var wire = Read(Generated + "ut-digest-soap11");
        var recipient = Recipient(Username(PasswordType.Digest));
        recipient.VerifyRequest(wire, Protected).Dispose();
        Assert.That(() => recipient.VerifyRequest(wire, Protected), Refused.With(SecurityFailure.MessageReplayed));
    }

    [Test]
    public void UsernameToken_WrongPassword_Refuses() =>
        Assert.That(() => Verify(Read(Generated + "neg-ut-digest-wrong-password-soap11"), Username(PasswordType.Digest)), Refused.With(SecurityFailure.AuthenticationFailed));

    [Test]
    public void UsernameToken_WhoseKeySigns_Authenticates()
    {
        var message = Verify(Read(Generated + "ut-derived-mac-hmac-direct-soap11"), PasswordKey with { RequireDerivedKeys = false, SignedParts = new MessageParts { Body = true } });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(message.Principal.Identity!.Name, Is.EqualTo("wernerd"));
            Assert.That(message.IsBodySigned, Is.True);
            Assert.That(message.Evidence.Signatures[0].Token!.Name, Is.EqualTo("wernerd"));
        }
    }

    [Test]
    public void UsernameToken_WhoseKeyDerivesTheOneThatEncrypts_DecryptsAndProvesNobody()
    {
        var message = Verify(Read(Generated + "ut-derived-enc-soap11"), PasswordKey with { EncryptedParts = new MessageParts { Body = true } });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Text(message), Does.Contain("grüß &amp; 漢字"));
            Assert.That(message.Evidence.Tokens, Is.Empty, "nothing is signed");
        }
    }

    [TestCase("ut-derived-mac-hmac-direct-soap11", SecurityFailure.SignatureInvalid)]
    [TestCase("ut-derived-enc-soap11", SecurityFailure.DecryptionFailed)]
    public void UsernameToken_KeyOfAnUnknownUser_FailsAsByAWrongPassword(string name, SecurityFailure failure)
    {
        var policy = name.Contains("mac", StringComparison.Ordinal)
            ? PasswordKey with { RequireDerivedKeys = false, SignedParts = new MessageParts { Body = true } }
            : PasswordKey with { EncryptedParts = new MessageParts { Body = true } };
        var wire = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(Read(Generated + name)).Replace(">wernerd<", ">nobody<", StringComparison.Ordinal));
        Assert.That(() => Verify(wire, policy), Refused.With(failure));
    }

    // Neither Timestamp nor nonce: a replay would not be noticed.
    private static SecurityPolicy PasswordKey => SecurityPolicy.UserNameDerivedKey with
    {
        DefaultAlgorithmSuite = AlgorithmSuite.Basic128,
        MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt,
        IncludeTimestamp = false,
        DetectReplays = false,
        SignedParts = MessageParts.None,
        EncryptedParts = MessageParts.None,
    };

    [TestCase("SecurityHeaderTest.DUPLICATE_NULL_ACTOR_MSG", null, SecurityFailure.DuplicateSecurityHeader)]
    [TestCase("SecurityHeaderTest.DUPLICATE_ACTOR_MSG", "user", SecurityFailure.DuplicateSecurityHeader)]
    [TestCase("SecurityHeaderTest.TWO_ACTOR_MSG", null, SecurityFailure.SecurityTokenMissing)]
    [TestCase("SecurityHeaderTest.TWO_ACTOR_MSG", "user", SecurityFailure.SecurityTokenMissing)]
    [TestCase("SecurityHeaderTest.TWO_ACTOR_MSG", "other", SecurityFailure.SecurityHeaderMissing)]
    public void SecurityHeader_OfAnActor_IsReadByThatActorAlone(string name, string? actor, SecurityFailure failure) =>
        Assert.That(() => Verify(Read("wss4j/messages/" + name), Username(PasswordType.Text) with { Actor = actor }), Refused.With(failure));

    [Test]
    public void UsernameToken_PasswordWithoutType_IsText() =>
        Assert.That(Verify(Read("wss4j/messages/UsernameTokenTest.SOAPUTMSG"), Username(PasswordType.Text)).Principal.Identity!.Name, Is.EqualTo("wernerd"));

    [TestCase("UsernameTokenTest.SOAPUTNOUSERMSG", SecurityFailure.InvalidUsernameToken)]
    [TestCase("WCFUsernameTokenTest.SOAPUTMSG", SecurityFailure.InvalidUsernameToken)]
    [TestCase("UsernameTokenTest.EMPTY_PASSWORD_MSG", SecurityFailure.AuthenticationFailed)]
    public void UsernameToken_OfWss4jsTests_Refuses(string name, SecurityFailure failure) =>
        Assert.That(() => Verify(Read("wss4j/messages/" + name), Username(PasswordType.Text)), Refused.With(failure));

    [TestCase("xsw01-body-in-unknown-header", SecurityFailure.SignedElementNotInPlace)]
    [TestCase("xsw02-body-in-header-actor-none-no-id", SecurityFailure.SignedElementNotInPlace)]
    [TestCase("xsw05-duplicate-wsu-id-original-first", SecurityFailure.DuplicateId)]
    [TestCase("xsw07-two-bodies-evil-last", SecurityFailure.InvalidEnvelope)]
    [TestCase("xsw11-body-after-body-in-trailer", SecurityFailure.InvalidEnvelope)]
    [TestCase("excl01-signature-removed", SecurityFailure.SignatureMissing)]
    [TestCase("excl02-security-header-removed", SecurityFailure.SecurityHeaderMissing)]
    [TestCase("excl03-security-header-for-other-actor", SecurityFailure.SecurityHeaderMissing)]
    [TestCase("tamper01-reference-removed", SecurityFailure.SignatureInvalid)]
    [TestCase("tamper02-body-modified", SecurityFailure.DigestMismatch)]
    [TestCase("tamper03-signaturevalue-modified", SecurityFailure.SignatureInvalid)]
    [TestCase("tamper05-rsa-md5", SecurityFailure.SignatureAlgorithmNotAllowed)]
    [TestCase("tamper06-empty-uri-reference", SecurityFailure.UnresolvedReference)]
    [TestCase("dos01-xslt-transform", SecurityFailure.TransformNotAllowed)]
    [TestCase("dos02-200-c14n-transforms", SecurityFailure.TransformNotAllowed)]
    [TestCase("dos04-depth-20000", SecurityFailure.NestingTooDeep)]
    [TestCase("dos05-10000-attributes", SecurityFailure.TooManyAttributes)]
    [TestCase("dos06-20000-nsdecls-c14n", SecurityFailure.TooManyAttributes)]
    [TestCase("ssrf01-external-reference-uri", SecurityFailure.ExternalReference)]
    [TestCase("ssrf02-file-reference-uri", SecurityFailure.ExternalReference)]
    [TestCase("ssrf03-retrievalmethod-external", SecurityFailure.UnsupportedSecurityToken)]
    [TestCase("loop01-str-references-itself", SecurityFailure.SecurityTokenUnavailable)]
    [TestCase("dtd01-empty-doctype", SecurityFailure.DocumentTypeNotAllowed)]
    [TestCase("dtd02-billion-laughs", SecurityFailure.DocumentTypeNotAllowed)]
    [TestCase("dtd03-external-entity", SecurityFailure.DocumentTypeNotAllowed)]
    [TestCase("ts01-two-timestamps", SecurityFailure.DuplicateId)]
    [TestCase("ts02-created-non-utc", SecurityFailure.InvalidTimestamp)]
    [TestCase("ts03-seconds-60", SecurityFailure.InvalidTimestamp)]
    [TestCase("ts04-no-created", SecurityFailure.InvalidTimestamp)]
    [TestCase("hdr01-two-security-headers-same-actor", SecurityFailure.DuplicateSecurityHeader)]
    public void Attack_OnASignedMessage_Refuses(string name, SecurityFailure failure)
    {
        var policy = SecurityPolicy.CertificateSignature with { SignedParts = new MessageParts { Body = true } };
        Assert.That(() => Verify(Read(Attacks + name), policy), Refused.With(failure));
    }

    [Test]
    public void Attack_SignedHeaderWrapped_Refuses()
    {
        var wire = Read(Attacks + "xsw09-signed-header-wrapped");
        var policy = Signing(wire) with
        {
            DefaultAlgorithmSuite = AlgorithmSuite.Basic256GCMSha512,
            SignedParts = new MessageParts { Body = true, Headers = [Tenant] },
        };
        Assert.That(() => Verify(wire, policy), Refused.With(SecurityFailure.SignedElementNotInPlace));
    }

    [TestCase("enc01-gcm-tag-flipped", "Basic128GCMSha256", SecurityFailure.DecryptionFailed)]
    [TestCase("enc02-gcm-ciphertext-flipped", "Basic128GCMSha256", SecurityFailure.DecryptionFailed)]
    [TestCase("enc03-oaep-key-flipped", "Basic128GCMSha256", SecurityFailure.DecryptionFailed)]
    [TestCase("enc04-cbc-last-block-flipped", "Basic128", SecurityFailure.DecryptionFailed)]
    [TestCase("enc07-gcm-too-short", "Basic128GCMSha256", SecurityFailure.DecryptionFailed)]
    [TestCase("dos07-5000-datareferences", "Basic128GCMSha256", SecurityFailure.TooManySecurityElements)]
    public void Attack_OnAnEncryptedMessage_Refuses(string name, string suite, SecurityFailure failure) =>
        Assert.That(() => Verify(Read(Attacks + name), Encrypting(suite)), Refused.With(failure));

    [Test]
    public void Attack_EncryptedDataMovedAndPlainBodyInItsPlace_Refuses() =>
        Assert.That(
            () => Verify(Read(Attacks + "enc08-encrypteddata-moved-plain-body"), SecurityPolicy.MutualCertificateDuplex with { DefaultAlgorithmSuite = AlgorithmSuite.Basic128GCMSha256 }),
            Throws.InstanceOf<WsSecurityException>());

    [TestCase("ut01-no-password", PasswordType.Text, SecurityFailure.PasswordTypeNotAllowed)]
    [TestCase("ut02-digest-no-nonce", PasswordType.Digest, SecurityFailure.InvalidUsernameToken)]
    [TestCase("ut03-two-passwords", PasswordType.Text, SecurityFailure.InvalidUsernameToken)]
    [TestCase("ut04-two-created", PasswordType.Digest, SecurityFailure.InvalidUsernameToken)]
    [TestCase("ut05-two-nonces", PasswordType.Digest, SecurityFailure.InvalidUsernameToken)]
    [TestCase("ut06-custom-password-type", PasswordType.Text, SecurityFailure.PasswordTypeNotAllowed)]
    [TestCase("ut07-created-in-future", PasswordType.Digest, SecurityFailure.MessageNotYetValid)]
    public void Attack_OnAUsernameToken_Refuses(string name, PasswordType type, SecurityFailure failure) =>
        Assert.That(() => Verify(Read(Attacks + name), Username(type)), Refused.With(failure));

    private static readonly MessageContext Protected = new() { IsTransportProtected = true };

    private static byte[] Read(string name) => File.ReadAllBytes(SharedVectors.Require(name + ".xml"));

    private static string Text(VerifiedMessage message)
    {
        using var reader = new StreamReader(message.OpenRead());
        return reader.ReadToEnd();
    }

    private static SecurityPolicy Signing(byte[] wire)
    {
        var hasTimestamp = wire.AsSpan().IndexOf("<wsu:Timestamp"u8) >= 0;
        return SecurityPolicy.CertificateSignature with { SignedParts = new MessageParts { Body = true }, IncludeTimestamp = hasTimestamp, DetectReplays = hasTimestamp };
    }

    private static SecurityPolicy Encrypting(string suite) => SecurityPolicy.MutualCertificateDuplex with
    {
        DefaultAlgorithmSuite = AlgorithmSuite.Parse(suite),
        SignedParts = MessageParts.None,
        EncryptedParts = new MessageParts { Body = true },
        IncludeTimestamp = false,
        DetectReplays = false,
    };

    private static SecurityPolicy Username(PasswordType type) => SecurityPolicy.UserNameOverTransport with
    {
        IncludeTimestamp = false,
        SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Username, PasswordType = type }],
    };

    private static VerifiedMessage Verify(byte[] wire, SecurityPolicy policy) => Recipient(policy).VerifyRequest(wire, Protected).Message;

    private static Recipient Recipient(SecurityPolicy policy)
    {
        var wss40 = X509Certificate2.CreateFromPemFile(SharedVectors.Require("wss4j/keys/wss40.wss40.cert.pem"), SharedVectors.Require("wss4j/keys/wss40.wss40.key.pem"));
        var credentials = new SecurityCredentials
        {
            Certificate = wss40,
            TrustDomains = [new TrustDomain { Name = "wss40", Anchors = [X509CertificateLoader.LoadCertificateFromFile(SharedVectors.Require("wss4j/keys/wss40CA.wss40ca.cert.pem"))] }],
            UsernameTokenValidator = new Wernerd(),
        };

        // The vectors' one certificate plays both parties.
        policy = policy with { Tolerances = new Tolerances { AcceptOwnSignature = true } };
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 0, 30, 0, TimeSpan.Zero));
        return new Recipient(policy, credentials, new SecurityServices { TimeProvider = time });
    }

    private sealed class Wernerd : IUsernameTokenKeySource
    {
        public ValueTask<byte[]?> DeriveKeyAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
            ValueTask.FromResult(token.UserName == "wernerd" ? token.DeriveKey("verySecret") : null);

        public ValueTask<IReadOnlyList<Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<Claim>?>(token.UserName == "wernerd" && token.Matches("verySecret") ? [] : null);
    }
}
