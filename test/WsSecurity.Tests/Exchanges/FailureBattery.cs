using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WsSecurity.Evidence;
using WsSecurity.Tests.Attacks;
using WsSecurity.Tests.Evidence;
using WsSecurity.Tests.Tokens.Custom;
using WsSecurity.Tests.Tokens.Saml;

namespace WsSecurity.Tests.Exchanges;

/// <summary>For every reason to refuse a message one exchange that is refused for it: what tests of all failures run over.</summary>
/// <param name="logs">Where the parties log; null for nowhere.</param>
/// <param name="deliver">Takes a request to its recipient, and throws as that refuses it; null for the recipient of the parties itself.</param>
internal sealed class FailureBattery(ILoggerFactory? logs = null, Action<TestParties, byte[]>? deliver = null)
{
    /// <summary>Only a KDC makes tickets to refuse: interop/mit-krb5 has an exchange for each of these.</summary>
    public static readonly SecurityFailure[] OfTickets =
    [
        SecurityFailure.TicketExpired, SecurityFailure.TicketNotYetValid, SecurityFailure.AuthenticatorNotFresh, SecurityFailure.TicketForAnotherService,
        SecurityFailure.ServiceKeyUnavailable, SecurityFailure.TicketNotAuthentic, SecurityFailure.RealmNotTrusted, SecurityFailure.TicketUnavailable,
    ];

    private static readonly SecurityPolicy Signing = SecurityPolicy.CertificateSignature;
    private static readonly SecurityPolicy Encrypting = SecurityPolicy.MutualCertificateDuplex;
    private static readonly MessageContext Tls = new() { IsTransportProtected = true };

    /// <summary>The exchanges, each by the failure that it must end in.</summary>
    public IReadOnlyDictionary<SecurityFailure, Action> Scenarios => new Dictionary<SecurityFailure, Action>
    {
        // The document
        [SecurityFailure.MalformedXml] = () => Changed(Signing, wire => wire[..^3]),
        [SecurityFailure.InvalidEncoding] = () => Request(Signing, context: new MessageContext { Charset = "utf-16" }),
        [SecurityFailure.DocumentTypeNotAllowed] = () => Changed(Signing, wire => [.. "<!DOCTYPE x>"u8, .. wire]),
        [SecurityFailure.ProcessingInstructionNotAllowed] = () => Edited(Signing, wire => wire.Body.Add(new XProcessingInstruction("x", "y"))),
        [SecurityFailure.MessageTooLarge] = () => Limited(new ProcessingLimits { MaxMessageSize = 1000 }),
        [SecurityFailure.NestingTooDeep] = () => Limited(new ProcessingLimits { MaxDepth = 4 }),
        [SecurityFailure.TooManyElements] = () => Limited(new ProcessingLimits { MaxElements = 10 }),
        [SecurityFailure.TooManyAttributes] = () => Limited(new ProcessingLimits { MaxAttributes = 2 }),
        [SecurityFailure.TooManyNamespaces] = () => Limited(new ProcessingLimits { MaxNamespaces = 3 }),
        [SecurityFailure.NameTooLong] = () => Limited(new ProcessingLimits { MaxNameLength = 10 }),
        [SecurityFailure.RelativeNamespaceUri] = () => Edited(Signing, wire => wire.Header.Add(new XElement((XNamespace)"relative" + "x"))),
        [SecurityFailure.InvalidEnvelope] = () => Edited(Signing, wire => wire.Envelope.Add(new XElement("x"))),
        [SecurityFailure.DuplicateId] = () => Edited(Signing, wire => wire.Header.Add(new XElement("x", new XAttribute("Id", Wire.Id(wire.Body))))),

        // The Security header
        [SecurityFailure.SecurityHeaderMissing] = () => Edited(Signing, wire => wire.Security.Remove()),
        [SecurityFailure.DuplicateSecurityHeader] = () => Edited(Signing, wire => wire.Header.Add(new XElement(wire.Security.Name))),
        [SecurityFailure.UnexpectedSecurityElement] = () => Edited(Signing, wire => wire.Security.Add(new XElement("x"))),
        [SecurityFailure.HeaderLayoutViolated] = () => Request(Signing, Signing with { SecurityHeaderLayout = SecurityHeaderLayout.LaxTimestampLast }),
        [SecurityFailure.TooManySecurityElements] = () => Limited(new ProcessingLimits { MaxReferences = 2 }),

        // Timestamp
        [SecurityFailure.TimestampMissing] = () => Request(Signing with { IncludeTimestamp = false }, Signing),
        [SecurityFailure.InvalidTimestamp] = () => Edited(Signing, wire => wire.Security.Add(new XElement(wire.Find(Wire.Wsu + "Timestamp")).WithoutId())),
        [SecurityFailure.MessageExpired] = () => Late(TimeSpan.FromMinutes(11)),
        [SecurityFailure.MessageNotYetValid] = () => Late(-TimeSpan.FromMinutes(6)),

        // Signature
        [SecurityFailure.SignatureMissing] = () => Edited(Signing, wire => wire.Signature.Remove()),
        [SecurityFailure.InvalidSignatureStructure] = () => Edited(Signing, wire => wire.Signature.Add(new XElement(Wire.Ds + "Object"))),
        [SecurityFailure.SignatureAlgorithmNotAllowed] = () => Algorithm("SignatureMethod", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        [SecurityFailure.DigestAlgorithmNotAllowed] = () => Algorithm("DigestMethod", "http://www.w3.org/2000/09/xmldsig#sha1"),
        [SecurityFailure.CanonicalizationNotAllowed] = () => Algorithm("CanonicalizationMethod", "urn:c14n"),
        [SecurityFailure.TransformNotAllowed] = () => Algorithm("Transform", "http://www.w3.org/TR/1999/REC-xslt-19991116"),
        [SecurityFailure.HmacTruncationNotAllowed] = () => Edited(Signing, wire => wire.Find(Wire.Ds + "SignatureMethod").Add(new XElement(Wire.Ds + "HMACOutputLength", 8))),
        [SecurityFailure.UnresolvedReference] = () => Edited(Signing, wire => wire.Body.WithoutId()),
        [SecurityFailure.ExternalReference] = () => Edited(Signing, wire => wire.Find(Wire.Ds + "Reference").SetAttributeValue("URI", "http://attacker.example/")),
        [SecurityFailure.DigestMismatch] = () => Edited(Signing, wire => wire.Body.Elements().First().Add("x")),
        [SecurityFailure.SignatureInvalid] = () => Edited(Signing, wire => Flip(wire.Find(Wire.Ds + "SignatureValue"))),
        [SecurityFailure.SignedPartMissing] = () => Request(Signing with { SignedParts = new MessageParts { Body = true } }, Signing),
        [SecurityFailure.RequiredPartMissing] = () => Request(Signing, Signing with { RequiredParts = new MessageParts { Headers = [new QualifiedName("urn:tenant")] } }),
        [SecurityFailure.PathTooCostly] = () => Changed(
            Signing with { RequiredParts = new MessageParts { Paths = [LocationPath.Parse("//*[.//nothing or .//*]")] } },
            wire => Wire.Change(wire, message => message.Header.Add(XElement.Parse(string.Concat(Enumerable.Repeat("<a>", 200)) + string.Concat(Enumerable.Repeat("<b/>", 2500)) + string.Concat(Enumerable.Repeat("</a>", 200)))))),
        [SecurityFailure.SignedElementNotInPlace] = () => Edited(Signing, Wrap),
        [SecurityFailure.UnsignedPrefixBinding] = () => Forged("<x xsi:type=\"q:T\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"/>", "xmlns:q=\"urn:q\""),
        [SecurityFailure.TokenNotProtected] = () => Request(Signing, Signing with { ProtectTokens = true }),
        [SecurityFailure.OwnSignatureReflected] = () => Reply(Signing, change: (_, request) => request),

        // Encryption
        [SecurityFailure.EncryptionAlgorithmNotAllowed] = () => Request(Encrypting, Encrypting with { DefaultAlgorithmSuite = AlgorithmSuite.Basic128GCMSha256 }),
        [SecurityFailure.KeyTransportAlgorithmNotAllowed] = () => Request(
            Encrypting with { DefaultAlgorithmSuite = AlgorithmSuite.Basic256Sha256Rsa15 }, Encrypting with { DefaultAlgorithmSuite = AlgorithmSuite.Basic256Sha256 }),
        [SecurityFailure.KeyAgreementNotAllowed] = () => Agreed(wire => wire.Find(Wire.Xenc + "AgreementMethod").SetAttributeValue("Algorithm", "http://www.w3.org/2009/xmlenc11#dh-es")),
        [SecurityFailure.InvalidOriginatorKey] = () => Agreed(wire => Flip(wire.Find((XNamespace)"http://www.w3.org/2009/xmldsig11#" + "PublicKey"))),
        [SecurityFailure.InvalidEncryptionStructure] = () => Edited(Encrypting, wire => wire.Body.Element(Wire.Xenc + "EncryptedData")!.SetAttributeValue("Type", null)),
        [SecurityFailure.DecryptionFailed] = () => Edited(Encrypting, wire => Flip(wire.Body.Descendants(Wire.Xenc + "CipherValue").Single())),
        [SecurityFailure.DecryptionKeyUnavailable] = () => Request(Encrypting, clients: credentials => credentials with { PeerCertificates = [TestKeys.Public(TestKeys.Stranger)] }),
        [SecurityFailure.EncryptedPartMissing] = () => Request(Encrypting with { ProtectionLevel = ProtectionLevel.Sign }, Encrypting),
        [SecurityFailure.EncryptedForTransit] = Transit,
        [SecurityFailure.ProtectionOrderViolated] = () => Request(Encrypting with { MessageProtectionOrder = MessageProtectionOrder.EncryptBeforeSign }, Encrypting),
        [SecurityFailure.SignatureNotEncrypted] = () => Request(Encrypting with { MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt }, Encrypting),
        [SecurityFailure.KeyNotDerived] = () => Request(SecurityPolicy.AnonymousForCertificate with { RequireDerivedKeys = false }, SecurityPolicy.AnonymousForCertificate),

        // Tokens
        [SecurityFailure.SecurityTokenUnavailable] = () => Request(Signing with { KeyReference = KeyReference.Thumbprint }, services: credentials => credentials with { PeerCertificates = [] }),
        [SecurityFailure.UnsupportedSecurityToken] = () => Edited(Signing, wire => wire.Find(Wire.Wsse + "BinarySecurityToken").SetAttributeValue("ValueType", "urn:other")),
        [SecurityFailure.InvalidSecurityToken] = () => Edited(Signing, wire => wire.Find(Wire.Wsse + "BinarySecurityToken").Value = "AAAA"),
        [SecurityFailure.SecurityTokenMissing] = () => Edited(SecurityPolicy.UserNameOverTransport, wire => wire.Find(Wire.Wsse + "UsernameToken").Remove()),
        [SecurityFailure.KeyValueNotTrusted] = () => Request(Signing with { KeyReference = KeyReference.KeyValue }, Signing),
        [SecurityFailure.CertificateNotTrusted] = () => Certificate(TestKeys.Stranger),
        [SecurityFailure.CertificateExpired] = () => Certificate(TestKeys.Expired),
        [SecurityFailure.CertificateNotYetValid] = () => Certificate(TestKeys.NotYetValid),
        [SecurityFailure.CertificateRevoked] = () => Certificate(Revocation.Revoked, domain => domain with { Anchors = [Revocation.Ca], Revocation = X509RevocationMode.Online }),
        [SecurityFailure.CertificateRevocationUnknown] = () => Certificate(TestKeys.Client, domain => domain with { Revocation = X509RevocationMode.Offline }),
        [SecurityFailure.CertificateUsageNotAllowed] = () => Certificate(TestKeys.EncryptOnly),
        [SecurityFailure.CertificateExtendedUsageNotAllowed] = () => Certificate(TestKeys.Client, domain => domain with { ExtendedKeyUsages = ["1.3.6.1.5.5.7.3.2"] }),
        [SecurityFailure.CertificateSubjectNotAllowed] = () => Certificate(TestKeys.Client, domain => domain with { Subjects = ["CN=somebody else,O=WsSecurity"] }),
        [SecurityFailure.CertificateIssuerNotAllowed] = () => Certificate(TestKeys.Client, domain => domain with { Issuers = ["CN=Other CA,O=WsSecurity"] }),
        [SecurityFailure.TrustDomainNotAccepted] = () => Request(
            Signing,
            Signing with { AcceptedTrustDomains = ["partners"] },
            services: credentials => credentials with { TrustDomains = [credentials.TrustDomains[0], new TrustDomain { Name = "partners", Anchors = [TestKeys.OtherCa] }] }),
        [SecurityFailure.KeyTooWeak] = () => Request(
            Signing with { DefaultAlgorithmSuite = AlgorithmSuite.Basic256Sha256 }, Signing, clients: credentials => credentials with { Certificate = TestKeys.WeakClient }),
        [SecurityFailure.PeerIdentityMismatch] = () => Reply(
            Signing with { AllowSerializedSigningTokenOnReply = true }, clients: credentials => credentials with { PeerCertificates = [TestKeys.Public(TestKeys.EcClient)] }),

        // SAML
        [SecurityFailure.AssertionNotSigned] = () => Saml(change: wire => Wire.Change(wire, message => SamlTesting.Assertion(message).Element(Wire.Ds + "Signature")!.Remove())),
        [SecurityFailure.IssuerNotTrusted] = () => Saml(SamlTesting.Issue(SamlTesting.Bearer, certificate: TestKeys.Client)),
        [SecurityFailure.TokenExpired] = () => Jwt(JwtTesting.Issue(age: TimeSpan.FromHours(2))),
        [SecurityFailure.TokenNotYetValid] = () => Jwt(JwtTesting.Issue(age: TimeSpan.FromHours(-1))),
        [SecurityFailure.AssertionExpired] = () => Saml(SamlTesting.Issue(SamlTesting.Bearer, age: TimeSpan.FromMinutes(66))),
        [SecurityFailure.AssertionNotYetValid] = () => Saml(SamlTesting.Issue(SamlTesting.Bearer, age: -TimeSpan.FromMinutes(6))),
        [SecurityFailure.AudienceMismatch] = () => Saml(SamlTesting.Issue(SamlTesting.Bearer with { Audiences = ["urn:other"] })),
        [SecurityFailure.SubjectConfirmationFailed] = () => Saml(SamlTesting.Issue(SamlTesting.HolderOfKey)),
        [SecurityFailure.BearerTokenNotProtected] = () => Saml(context: MessageContext.Empty),
        [SecurityFailure.AssertionVersionNotAllowed] = () => Saml(token: token => token with { SamlVersion = SamlVersion.Saml11 }),
        [SecurityFailure.AssertionIssuerNotAllowed] = () => Issued(new IssuedTokenParameters { IssuerName = "urn:other" }),
        [SecurityFailure.ClaimMissing] = () => Issued(new IssuedTokenParameters { ClaimTypeRequirements = [new ClaimTypeRequirement("urn:other")] }),

        // UsernameToken
        [SecurityFailure.InvalidUsernameToken] = () => Edited(SecurityPolicy.UserNameOverTransport, wire => wire.Find(Wire.Wsse + "Username").Remove()),
        [SecurityFailure.PasswordTypeNotAllowed] = () => Request(Username(PasswordType.Digest), Username(PasswordType.Text), Tls, clientContext: Tls),
        [SecurityFailure.PasswordNotProtected] = () => Request(Username(PasswordType.Text) with { AllowInsecureTransport = true }, context: MessageContext.Empty, clientContext: Tls),
        [SecurityFailure.AuthenticationFailed] = () => Request(SecurityPolicy.UserNameForCertificate, clients: credentials => credentials with { Password = "not the word" }),
        [SecurityFailure.ValidatorFailed] = () => Request(SecurityPolicy.UserNameForCertificate, services: credentials => credentials with { UsernameTokenValidator = new BrokenValidator() }),

        [SecurityFailure.SaltMissing] = () => Request(Username(PasswordType.None), PasswordEndorses),
        [SecurityFailure.InvalidSalt] = () => Edited(PasswordEndorses, wire => wire.Find(Wire.Wsse11 + "Salt").Value = Convert.ToBase64String(new byte[15])),
        [SecurityFailure.IterationsNotAllowed] = () => Edited(PasswordEndorses, wire => wire.Find(Wire.Wsse11 + "Iteration").Value = "10001"),
        [SecurityFailure.PasswordKeyNotProven] = () => Edited(PasswordEndorses, wire => wire.Signature.Remove()),
        [SecurityFailure.PasswordKeyNotExpected] = () => Request(PasswordEndorses, Username(PasswordType.None)),

        // Replay
        [SecurityFailure.MessageReplayed] = Replayed,
        [SecurityFailure.ReplayCacheUnavailable] = () => Request(Signing, cache: new ThrowingCache()),

        // Evidence
        [SecurityFailure.EvidenceUnavailable] = NotKept,

        // The exchange
        [SecurityFailure.HeaderNotUnderstood] = MandatoryHeader,
        [SecurityFailure.TransportNotProtected] = () => Request(SecurityPolicy.UserNameOverTransport, context: MessageContext.Empty, clientContext: Tls),
        [SecurityFailure.ReplyNotBound] = () => Reply(Signing, replyHeaders: string.Empty),
        [SecurityFailure.SignatureConfirmationMismatch] = () => Reply(Signing with { RequireSignatureConfirmation = true }, Signing),
        [SecurityFailure.UnsecuredReply] = () => Reply(Signing, change: (_, _) => TestParties.Envelope("<sum/>")),
        [SecurityFailure.DestinationMismatch] = () => Request(Signing, context: new MessageContext { EndpointAddress = new Uri("http://other.example/calc") }),
        [SecurityFailure.ActionMismatch] = () => Request(Signing, context: new MessageContext { Action = "\"urn:calc/delete\"" }),
    };

    private static SecurityPolicy PasswordEndorses => SecurityPolicy.UserNameOverTransport with
    {
        SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Endorsing, Type = SecurityTokenType.Username, PasswordType = PasswordType.None, RequireDerivedKeys = true }],
    };

    private static SecurityPolicy Username(PasswordType type) => SecurityPolicy.UserNameOverTransport with
    {
        SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Username, PasswordType = type }],
    };

    private void Issued(IssuedTokenParameters parameters) => Saml(token: token => token with { IssuedTokenParameters = parameters });

    private void Saml(SamlAssertionCredential? assertion = null, Func<byte[], byte[]>? change = null, MessageContext? context = null, Func<SupportingToken, SupportingToken>? token = null) => Request(
        SecurityPolicy.IssuedTokenOverTransport with { AllowInsecureTransport = true },
        SecurityPolicy.IssuedTokenOverTransport with
        {
            AllowInsecureTransport = true,
            SupportingTokens = token is null ? [] : [token(new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Saml })],
        },
        change: change,
        clients: credentials => credentials with { SamlAssertion = assertion ?? SamlTesting.Issue(SamlTesting.Bearer) },
        services: credentials => SamlTesting.Trusting(credentials),
        context: context,
        clientContext: Tls);

    private void Jwt(string jwt)
    {
        var policy = SecurityPolicy.AnonymousForCertificate with
        {
            SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.SignedEncrypted, Type = SecurityTokenType.Custom, Name = JwtTesting.Handler.Name }],
        };
        var provider = new JwtTesting.Provider((_, _) => ValueTask.FromResult<SecurityTokenCredential?>(JwtTesting.Credential(jwt)));
        var parties = Parties(
            policy, null, credentials => credentials with { TokenProvider = provider }, credentials => credentials with { CustomTokenHandlers = [JwtTesting.Handler] }, null);
        parties.Context = new MessageContext { Tokens = parties.Initiator.AcquireTokensAsync(null).AsTask().GetAwaiter().GetResult() };
        Deliver(parties, parties.Protect(headers: Presets.Headers));
    }

    private void Edited(SecurityPolicy policy, Action<Wire> edit) => Changed(policy, wire => Wire.Change(wire, edit));

    private void Agreed(Action<Wire> edit) => Request(
        Encrypting,
        change: wire => Wire.Change(wire, edit),
        clients: credentials => credentials with { PeerCertificates = [TestKeys.Public(TestKeys.EcService)] },
        services: credentials => credentials with { Certificate = TestKeys.EcService });

    private void Changed(SecurityPolicy policy, Func<byte[], byte[]> change) => Request(policy, change: change);

    private void Limited(ProcessingLimits limits) => Request(Signing, Signing with { Limits = limits });

    private void Algorithm(string element, string uri) => Edited(Signing, wire => wire.Find(Wire.Ds + element).SetAttributeValue("Algorithm", uri));

    private void Certificate(X509Certificate2 certificate, Func<TrustDomain, TrustDomain>? change = null) => Request(
        Signing,
        clients: credentials => credentials with { Certificate = certificate },
        services: credentials => credentials with { TrustDomains = [(change ?? (domain => domain))(credentials.TrustDomains[0])] });

    private void Late(TimeSpan delay)
    {
        var parties = Parties(Signing, null, null, null, null);
        var early = new SecurityServices { TimeProvider = new FakeTimeProvider(TestKeys.Now - delay) };
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        new Initiator(Signing, parties.ClientCredentials, early).ProtectRequest(TestParties.Envelope(TestParties.Body11), MessageContext.Empty, output);
        Deliver(parties, output.WrittenSpan.ToArray());
    }

    private void Replayed()
    {
        var parties = Parties(Signing, null, null, null, null);
        var wire = parties.Protect();
        Deliver(parties, wire);
        Deliver(parties, wire);
    }

    private void NotKept()
    {
        var store = new MemoryEvidenceStore();
        using var trail = EvidenceTrail.Open(store, Trails.Options);
        store.Failure = new IOException("the disk is full");
        var parties = Parties(Signing, null, null, null, null);
        var wire = parties.Protect();
        parties.Services = parties.Services with { Evidence = new EvidenceRecording { Trail = trail } };
        parties.Verify(wire);
    }

    private void Forged(string body, string onEnvelope)
    {
        var parties = Parties(Signing, null, null, null, null);
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Client), body, onEnvelope: onEnvelope);
        Deliver(parties, Forgery.Sign(envelope, TestKeys.Client, ["time", "body"]));
    }

    private void Transit()
    {
        var parties = Parties(Encrypting, null, null, null, null);
        var gateway = new TransitRecipient(Signing, parties.ServiceCredentials, parties.Services);
        gateway.VerifyAsync(parties.Protect(), MessageContext.Empty).AsTask().GetAwaiter().GetResult();
    }

    private void MandatoryHeader()
    {
        var parties = Parties(Signing, null, null, null, null);
        var wire = parties.Protect(headers: "<x:other xmlns:x=\"urn:x\" s:mustUnderstand=\"1\"/>");
        parties.Context = new MessageContext { UnderstoodHeaders = [] };
        Deliver(parties, wire);
    }

    private void Request(
        SecurityPolicy policy,
        SecurityPolicy? recipientPolicy = null,
        MessageContext? context = null,
        Func<byte[], byte[]>? change = null,
        Func<SecurityCredentials, SecurityCredentials>? clients = null,
        Func<SecurityCredentials, SecurityCredentials>? services = null,
        IReplayCache? cache = null,
        MessageContext? clientContext = null)
    {
        var parties = Parties(policy, recipientPolicy, clients, services, cache);
        parties.Context = clientContext ?? (Presets.IsOverTransport(policy) ? Tls : MessageContext.Empty);
        var wire = parties.Protect(headers: Presets.Headers);
        parties.Context = context ?? parties.Context;
        Deliver(parties, change is null ? wire : change(wire));
    }

    private void Reply(
        SecurityPolicy policy,
        SecurityPolicy? recipientPolicy = null,
        Func<byte[], byte[], byte[]>? change = null,
        Func<SecurityCredentials, SecurityCredentials>? clients = null,
        string replyHeaders = "<a:RelatesTo>urn:uuid:1</a:RelatesTo>")
    {
        var parties = Parties(policy, recipientPolicy, clients, null, null);
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum xmlns=\"urn:calc\">a sum of money</sum>", replyHeaders));
        pending.VerifyReply(change is null ? reply : change(reply, wire), parties.Context);
    }

    private void Deliver(TestParties parties, byte[] wire)
    {
        if (deliver is null)
        {
            parties.Verify(wire).Dispose();
        }
        else
        {
            deliver(parties, wire);
        }
    }

    private TestParties Parties(
        SecurityPolicy policy,
        SecurityPolicy? recipientPolicy,
        Func<SecurityCredentials, SecurityCredentials>? clients,
        Func<SecurityCredentials, SecurityCredentials>? services,
        IReplayCache? cache)
    {
        var parties = TestParties.Of(policy, recipientPolicy);
        parties.Services = parties.Services with { LoggerFactory = logs ?? NullLoggerFactory.Instance, ReplayCache = cache };
        parties.ClientCredentials = (clients ?? (same => same))(parties.ClientCredentials);
        parties.ServiceCredentials = (services ?? (same => same))(parties.ServiceCredentials);
        return parties;
    }

    private static void Wrap(Wire wire)
    {
        var original = new XElement(wire.Body);
        wire.Header.Add(new XElement("Wrapper", original));
        wire.Body.WithoutId().ReplaceNodes(XElement.Parse("<add xmlns='urn:calc'>1000000</add>"));
    }

    private static void Flip(XElement value)
    {
        var octets = Convert.FromBase64String(value.Value);
        octets[^1] ^= 1;
        value.Value = Convert.ToBase64String(octets);
    }

    private sealed class BrokenValidator : IUsernameTokenValidator
    {
        public ValueTask<IReadOnlyList<System.Security.Claims.Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
            throw new TimeoutException("ldap.internal is down");
    }

    private sealed class ThrowingCache : IReplayCache
    {
        public ValueTask<bool> TryReserveAsync(string key, DateTimeOffset expires, CancellationToken cancellationToken) => throw new TimeoutException("redis.internal is down");

        public ValueTask CompleteAsync(string key, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask ReleaseAsync(string key, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}

/// <summary>Short words for changing elements.</summary>
internal static class XElementExtensions
{
    public static XElement WithoutId(this XElement element)
    {
        element.SetAttributeValue(Wire.Wsu + "Id", null);
        return element;
    }
}
