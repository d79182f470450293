using System.Xml;
using NUnit.Framework;
using static WsSecurity.Tests.Policy.WsSecurityPolicy.PolicyXml;

namespace WsSecurity.Tests.Policy.WsSecurityPolicy;

internal sealed class PolicyImportTests
{
    private const string BodySigned = "<sp:SignedParts><sp:Body/></sp:SignedParts>";
    private const string BodyEncrypted = "<sp:EncryptedParts><sp:Body/></sp:EncryptedParts>";
    private const string Wss11 = "<sp:Wss11><wsp:Policy/></sp:Wss11>";

    private static readonly MessageParts Body = new() { Body = true };

    [Test]
    public void FromWsdl_AsymmetricBinding_IsMutualCertificateDuplex() =>
        Assert.That(Import(Asymmetric() + BodySigned + BodyEncrypted + Wss11), Is.EqualTo(SecurityPolicy.MutualCertificateDuplex with
        {
            DefaultAlgorithmSuite = AlgorithmSuite.Basic256Sha256,
            MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt,
            SignedParts = Body,
            EncryptedParts = Body,
        }));

    [Test]
    public void FromWsdl_AsymmetricBindingThatEncryptsNothing_IsCertificateSignature() =>
        Assert.That(Import(Asymmetric() + BodySigned + Wss11), Is.EqualTo(SecurityPolicy.CertificateSignature with
        {
            DefaultAlgorithmSuite = AlgorithmSuite.Basic256Sha256,
            MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt,
            SignedParts = Body,
            EncryptedParts = MessageParts.None,
        }));

    [Test]
    public void FromWsdl_SymmetricBindingWithEndorsingCertificate_IsMutualCertificate()
    {
        var policy = Import(Symmetric("<sp:EncryptSignature/>", "<sp:RequireDerivedKeys/>") + Endorsing() + BodySigned + BodyEncrypted + Wss11);
        Assert.That(policy, Is.EqualTo(SecurityPolicy.MutualCertificate with
        {
            DefaultAlgorithmSuite = AlgorithmSuite.Basic256Sha256,
            SecureConversationVersion = SecureConversationVersion.WSSecureConversation13,
            SignedParts = Body,
            EncryptedParts = Body,
        }));
    }

    [Test]
    public void FromWsdl_SymmetricBindingWithoutDerivedKeys_DerivesNone() =>
        Assert.That(Import(Symmetric() + BodySigned + Wss11).RequireDerivedKeys, Is.False);

    [Test]
    public void FromWsdl_TransportBindingWithUsername_IsUserNameOverTransport() =>
        Assert.That(Import(Transport() + Username + Wss11), Is.EqualTo(SecurityPolicy.UserNameOverTransport with
        {
            DefaultAlgorithmSuite = AlgorithmSuite.Basic256Sha256,
        }));

    [Test]
    public void FromWsdl_TransportBindingWithEndorsingCertificate_IsCertificateOverTransport() =>
        Assert.That(Import(Transport() + Endorsing()).AuthenticationMode, Is.EqualTo(AuthenticationMode.CertificateOverTransport));

    [Test]
    public void FromWsdl_UsernameOfVersion11WithSymmetricBinding_IsEncryptedToo()
    {
        var policy = Import(
            Symmetric(sp: Sp11) + Username.Replace(Sp12, Sp11, StringComparison.Ordinal) + BodySigned + BodyEncrypted + Wss11, Wsp12, Sp11);
        Assert.That(policy.AuthenticationMode, Is.EqualTo(AuthenticationMode.UserNameForCertificate));
        Assert.That(policy.SupportingTokens, Is.Empty);
    }

    [TestCase("", SecurityHeaderLayout.Lax)]
    [TestCase("Lax", SecurityHeaderLayout.Lax)]
    [TestCase("Strict", SecurityHeaderLayout.Strict)]
    [TestCase("LaxTsFirst", SecurityHeaderLayout.LaxTimestampFirst)]
    [TestCase("LaxTimestampLast", SecurityHeaderLayout.LaxTimestampLast)]
    public void FromWsdl_Layout_IsRead(string name, SecurityHeaderLayout expected)
    {
        var layout = name.Length == 0 ? string.Empty : $"<sp:Layout><wsp:Policy><sp:{name}/></wsp:Policy></sp:Layout>";
        Assert.That(Import(Asymmetric(layout) + BodySigned).SecurityHeaderLayout, Is.EqualTo(expected));
    }

    [TestCase("AlwaysToRecipient", "Never", "", SecurityTokenInclusionMode.Default, false)]
    [TestCase("Once", "Never", "", SecurityTokenInclusionMode.Once, false)]
    [TestCase("Never", "Never", "", SecurityTokenInclusionMode.Never, false)]
    [TestCase("Never", "AlwaysToInitiator", "", SecurityTokenInclusionMode.AlwaysToInitiator, false)]
    [TestCase("Always", "Always", "", SecurityTokenInclusionMode.Default, true)]
    [TestCase("AlwaysToRecipient", "Never", "<sp:RequireIssuerSerialReference/>", SecurityTokenInclusionMode.AlwaysToRecipient, false)]
    public void FromWsdl_IncludeToken_IsWhatIsWritten(string initiator, string recipient, string nested, SecurityTokenInclusionMode mode, bool onReply)
    {
        var policy = Import(Asymmetric(initiator: initiator, recipient: recipient, nested: nested) + BodySigned);
        Assert.That(policy.InclusionMode, Is.EqualTo(mode));
        Assert.That(policy.AllowSerializedSigningTokenOnReply, Is.EqualTo(onReply));
    }

    [TestCase("<sp:SignedElements><sp:XPath xmlns:o='urn:o'>/*/*[local-name()='Body']//o:Order</sp:XPath></sp:SignedElements>")]
    public void FromWsdl_XPathOfTheBodysElements_AreElements(string parts) =>
        Assert.That(Import(Asymmetric() + parts).SignedParts!.All!.Elements, Is.EqualTo(new[] { new QualifiedName("urn:o", "Order") }));

    [Test]
    public void FromWsdl_OtherXPath_IsALocationPathWithTheNamespacesAroundIt()
    {
        var policy = Import(Asymmetric()
            + "<sp:SignedElements xmlns:o='urn:o'><sp:XPath>//o:Order</sp:XPath><sp:XPath xmlns:o='urn:p'>//o:Order/Line[@id='1']</sp:XPath></sp:SignedElements>"
            + "<sp:EncryptedElements><sp:XPath>//a</sp:XPath></sp:EncryptedElements><sp:ContentEncryptedElements><sp:XPath>//b</sp:XPath></sp:ContentEncryptedElements>"
            + "<sp:RequiredElements><sp:XPath>//c[1]</sp:XPath></sp:RequiredElements><sp:RequiredParts><sp:Header Name='To' Namespace='urn:a'/><sp:Header Namespace='urn:b'/></sp:RequiredParts>");

        Assert.That(policy.SignedParts!.All!.Paths.Select(path => path.ToString()), Is.EqualTo(new[] { "//o:Order (o=urn:o)", "//o:Order/Line[@id='1'] (o=urn:p)" }));
        Assert.That(policy.EncryptedParts!.All, Is.EqualTo(new MessageParts { Paths = [LocationPath.Parse("//a")], ContentPaths = [LocationPath.Parse("//b")] }));
        Assert.That(policy.RequiredParts!.All, Is.EqualTo(new MessageParts { Paths = [LocationPath.Parse("//c[1]")], Headers = [new QualifiedName("urn:a", "To"), new QualifiedName("urn:b")] }));
    }

    [Test]
    public void FromWsdl_SignedPartsThatNameNothing_AreTheBodyAndEveryHeader() =>
        Assert.That(Import(Asymmetric() + "<sp:SignedParts/>").SignedParts!.All, Is.EqualTo(new MessageParts { Body = true, AllHeaders = true }));

    [Test]
    public void FromWsdl_XPathOfAHeaderOrTheBody_IsThatPart()
    {
        const string envelope = "xmlns:s='http://www.w3.org/2003/05/soap-envelope' xmlns:a='urn:a'";
        var parts = Import(Asymmetric()
            + $"<sp:SignedElements {envelope}><sp:XPath>/s:Envelope/s:Header/a:To</sp:XPath><sp:XPath>/s:Envelope/s:Body</sp:XPath></sp:SignedElements>");
        Assert.That(parts.SignedParts!.All, Is.EqualTo(new MessageParts { Body = true, Headers = [new QualifiedName("urn:a", "To")] }));
    }

    [Test]
    public void FromWsdl_OptionalUsernameToken_IsOptional()
    {
        var optional = Username.Replace("<sp:SignedSupportingTokens>", "<sp:SignedSupportingTokens wsp:Optional='true'>", StringComparison.Ordinal);
        Assert.That(Import(Transport() + optional).SupportingTokens.Single().Optional, Is.True);
    }

    // What others do, or who imports must know

    [TestCase("", "<sp:HttpBasicAuthentication/>", "HttpBasicAuthentication is left to the transport")]
    [TestCase("", "<sp:HttpDigestAuthentication/>", "HttpDigestAuthentication is left to the transport")]
    [TestCase("", "<sp:RequireClientCertificate/>", "RequireClientCertificate is left to the transport")]
    [TestCase(" RequireClientCertificate='true'", "", "RequireClientCertificate is left to the transport")]
    public void ReadAll_HttpsTokenThatAuthenticatesTheClient_IsExplained(string attribute, string nested, string sentence)
    {
        var import = Read(Wrap(Transport(token: HttpsWith(attribute, nested)) + Username));
        Assert.That(import.Policy?.AuthenticationMode, Is.EqualTo(AuthenticationMode.UserNameOverTransport));
        Assert.That(import.Explanation, Has.Some.Contains(sentence));
    }

    [TestCase("SslTransportSecurity")]
    [TestCase("WindowsTransportSecurity")]
    public void ReadAll_TransportOfNetTcp_IsExplained(string name)
    {
        var token = $"<sp:TransportToken><wsp:Policy><msf:{name} xmlns:msf='http://schemas.microsoft.com/ws/2006/05/framing/policy'/></wsp:Policy></sp:TransportToken>";
        Assert.That(Read(Wrap(Transport(token: token) + Username)).Explanation, Has.Some.Contains($"msf:{name} is left to the transport"));
    }

    [TestCase("<x:Unknown xmlns:x='urn:x' wsp:Ignorable='true'/>", "{urn:x}Unknown (line 1) is not known, and ignorable")]
    [TestCase("<r:RMAssertion xmlns:r='http://schemas.xmlsoap.org/ws/2005/02/rm/policy'/>", "RMAssertion is left to the binding around message security")]
    [TestCase("<m:OptimizedMimeSerialization xmlns:m='http://schemas.xmlsoap.org/ws/2004/09/policy/optimizedmimeserialization'/>", "OptimizedMimeSerialization is left to")]
    [TestCase("<b:BinaryEncoding xmlns:b='http://schemas.microsoft.com/ws/06/2004/mspolicy/netbinary1'/>", "BinaryEncoding is left to")]
    public void ReadAll_AssertionAroundMessageSecurity_IsExplained(string assertion, string sentence) =>
        Assert.That(Read(Wrap(Asymmetric() + BodySigned + assertion)).Explanation, Has.Some.Contains(sentence));

    [Test]
    public void ReadAll_TransportBindingWithATimestampAlone_IsAnonymousOverTransport() =>
        Assert.That(Import(Transport()), Is.EqualTo(SecurityPolicy.AnonymousOverTransport with { DefaultAlgorithmSuite = AlgorithmSuite.Basic256Sha256, MessageSecurityVersion = MessageSecurityVersion.Wss10 }));

    [Test]
    public void ReadAll_TokenWithoutABinding_DemandsTls()
    {
        var import = Read(Wrap(Username));
        Assert.That(
            (import.Policy?.AuthenticationMode, import.Policy?.AllowInsecureTransport, import.Policy?.IncludeTimestamp), Is.EqualTo(((AuthenticationMode?)AuthenticationMode.UserNameOverTransport, (bool?)false, (bool?)false)));
        Assert.That(import.Explanation, Has.Some.Contains("TLS is demanded"));
    }

    [Test]
    public void ReadAll_EncryptSignatureWhereNothingIsEncrypted_IsExplained()
    {
        var import = Read(Wrap(Asymmetric("<sp:EncryptSignature/>") + BodySigned));
        Assert.That(import.Policy?.MessageProtectionOrder, Is.EqualTo(MessageProtectionOrder.SignBeforeEncrypt));
        Assert.That(import.Explanation, Has.Some.Contains("neither is the signature"));
    }

    [Test]
    public void ReadAll_TokensForSigningAndForEncrypting_AreCertificatesOfTheCredentials()
    {
        var split = Asymmetric() + BodySigned + BodyEncrypted;
        foreach (var party in new[] { "Initiator", "Recipient" })
        {
            split = split.Replace($"sp:{party}Token>", $"sp:{party}SignatureToken>", StringComparison.Ordinal)
                .Replace($"</sp:{party}SignatureToken>", $"</sp:{party}SignatureToken><sp:{party}EncryptionToken><wsp:Policy>{X509("Never")}</wsp:Policy></sp:{party}EncryptionToken>", StringComparison.Ordinal);
        }

        var import = Read(Wrap(split));
        Assert.That(import.Policy, Is.EqualTo(Import(Asymmetric() + BodySigned + BodyEncrypted)));
        Assert.That(import.Explanation, Has.Some.Contains("EncryptionCertificate decrypts").And.Some.Contains("encrypts for the certificate that signed the request"));
    }

    private static string HttpsWith(string attribute, string nested) =>
        $"<sp:TransportToken><wsp:Policy><sp:HttpsToken{attribute}><wsp:Policy>{nested}</wsp:Policy></sp:HttpsToken></wsp:Policy></sp:TransportToken>";

    // Alternatives

    [Test]
    public void ReadAll_AlternativesOfWhichOneIsSupported_TakesItAndExplains()
    {
        const string spnego = "<wsp:All><sp:SymmetricBinding><wsp:Policy><sp:ProtectionToken><wsp:Policy><sp:SpnegoContextToken/></wsp:Policy></sp:ProtectionToken></wsp:Policy></sp:SymmetricBinding></wsp:All>";
        var import = Read(Wrap($"<wsp:ExactlyOne>{spnego}<wsp:All>{Transport()}{Username}</wsp:All></wsp:ExactlyOne>"));
        Assert.That(import.Policy?.AuthenticationMode, Is.EqualTo(AuthenticationMode.UserNameOverTransport));
        Assert.That(import.Explanation, Has.Some.Contains("Of 2 alternatives the 2nd was chosen"));
        Assert.That(import.Explanation, Has.Some.Contains("sp:SymmetricBinding/sp:ProtectionToken/sp:SpnegoContextToken"));
    }

    [Test]
    public void FromWsdl_NestedAlternativesOfSuites_TakesTheLeastWeak()
    {
        const string suites = "<sp:AlgorithmSuite><wsp:Policy><wsp:ExactlyOne><sp:TripleDesRsa15/><sp:Basic256Sha256/><sp:Basic256/></wsp:ExactlyOne></wsp:Policy></sp:AlgorithmSuite>";
        Assert.That(Import(Asymmetric(suite: suites) + BodySigned).DefaultAlgorithmSuite, Is.EqualTo(AlgorithmSuite.Basic256Sha256));
    }

    [Test]
    public void ReadAll_NoAlternativeSupported_NamesWhatEachLacks()
    {
        var import = Read(Wrap("<wsp:ExactlyOne><wsp:All><sp:RequiredParts/></wsp:All><wsp:All><sp:Nonsense/></wsp:All></wsp:ExactlyOne>"));
        Assert.That(import.Refusal?.Unsupported, Has.Count.EqualTo(2).And.Some.StartWith("sp:RequiredParts (line 1)").And.Some.StartWith("sp:Nonsense"));
    }

    [Test]
    public void ReadAll_PolicyWithoutAnyAlternative_IsRefused() =>
        Assert.That(Read(Wrap("<wsp:ExactlyOne/>")).Refusal?.Unsupported, Has.Some.Contains("no alternative"));

    // Refusals

    [TestCase("<sp:SecureConversationToken/>", "sp:SecureConversationToken")]
    [TestCase("<sp:SpnegoContextToken/>", "sp:SpnegoContextToken")]
    [TestCase("<sp:IssuedToken/>", "sp:IssuedToken")]
    [TestCase("<x:Token xmlns:x='urn:x'/>", "{urn:x}Token")]
    public void ReadAll_ProtectionTokenThatIsNotSupported_IsRefusedByItsPath(string token, string name)
    {
        var binding = $"<sp:SymmetricBinding><wsp:Policy><sp:ProtectionToken><wsp:Policy>{token}</wsp:Policy></sp:ProtectionToken>{Suite}</wsp:Policy></sp:SymmetricBinding>";
        Assert.That(Read(Wrap(binding)).Refusal?.Unsupported, Has.Some.StartWith($"sp:SymmetricBinding/sp:ProtectionToken/{name} "));
    }

    [TestCase("<sp:RequiredParts/>", "sp:RequiredParts")]
    [TestCase("<sp:RequiredParts><sp:Body/></sp:RequiredParts>", "sp:RequiredParts/sp:Body")]
    [TestCase("<sp:RequiredElements/>", "sp:RequiredElements")]
    [TestCase("<sp:RequiredElements><sp:XPath>//a/..</sp:XPath></sp:RequiredElements>", "sp:RequiredElements/sp:XPath")]
    [TestCase("<sp:SignedElements/>", "sp:SignedElements")]
    [TestCase("<sp:SignedElements><sp:XPath2 Filter='intersect'>//a</sp:XPath2></sp:SignedElements>", "sp:SignedElements/sp:XPath2")]
    [TestCase("<sp:SignedElements XPathVersion='http://www.w3.org/2002/06/xmldsig-filter2'><sp:XPath>//a</sp:XPath></sp:SignedElements>", "sp:SignedElements")]
    [TestCase("<sp:SignedElements xmlns:w='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'><sp:XPath>//w:Security/*</sp:XPath></sp:SignedElements>", "sp:SignedElements/sp:XPath")]
    [TestCase("<sp:EncryptedElements xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><sp:XPath>/s:Envelope/s:Body</sp:XPath></sp:EncryptedElements>", "sp:EncryptedElements/sp:XPath")]
    [TestCase("<sp:SignedParts><sp:Attachments/></sp:SignedParts>", "sp:SignedParts/sp:Attachments")]
    [TestCase("<sp:SignedParts><sp:Header Name='a'/></sp:SignedParts>", "sp:SignedParts/sp:Header")]
    [TestCase("<sp:SignedElements><sp:XPath>//x:a</sp:XPath></sp:SignedElements>", "sp:SignedElements/sp:XPath")]
    [TestCase("<sp:SignedElements><sp:XPath>//a[contains(@b, 'c')]</sp:XPath></sp:SignedElements>", "sp:SignedElements/sp:XPath")]
    [TestCase("<sp:SignedElements sp:XPathVersion='urn:2'><sp:XPath>//a</sp:XPath></sp:SignedElements>", "sp:SignedElements")]
    [TestCase("<sp:ContentEncryptedElements><sp:XPath>//@a</sp:XPath></sp:ContentEncryptedElements>", "sp:ContentEncryptedElements/sp:XPath")]
    [TestCase("<sp:EncryptedSupportingTokens><wsp:Policy/></sp:EncryptedSupportingTokens>", "sp:EncryptedSupportingTokens")]
    [TestCase("<sp:SignedEndorsingSupportingTokens><wsp:Policy/></sp:SignedEndorsingSupportingTokens>", "sp:SignedEndorsingSupportingTokens")]
    [TestCase("<sp:SupportingTokens><wsp:Policy><sp:RelToken/></wsp:Policy></sp:SupportingTokens>", "sp:SupportingTokens/sp:RelToken")]
    [TestCase("<sp:Wss11><wsp:Policy><sp:MustSupportRefExternalURI/></wsp:Policy></sp:Wss11>", "sp:Wss11/sp:MustSupportRefExternalURI")]
    [TestCase("<sp:Wss10><wsp:Policy><sp:RequireSignatureConfirmation/></wsp:Policy></sp:Wss10>", "sp:Wss10/sp:RequireSignatureConfirmation")]
    [TestCase("<sp:Trust13><wsp:Policy><sp:Other/></wsp:Policy></sp:Trust13>", "sp:Trust13/sp:Other")]
    [TestCase("<x:Unknown xmlns:x='urn:x'/>", "{urn:x}Unknown")]
    [TestCase("<x:Unknown xmlns:x='urn:x' wsp:Ignorable='false'/>", "{urn:x}Unknown")]
    [TestCase("<mssp:SslContextToken xmlns:mssp='http://schemas.microsoft.com/ws/2005/07/securitypolicy'/>", "mssp:SslContextToken")]
    [TestCase("<sp:Wss11 Other='1'><wsp:Policy/></sp:Wss11>", "sp:Wss11")]
    [TestCase("<sp:Wss11><sp:Claims/></sp:Wss11>", "sp:Wss11")]
    [TestCase("<sp:Wss11>text</sp:Wss11>", "sp:Wss11")]
    public void ReadAll_AssertionThatIsNotSupported_IsRefusedByItsPath(string assertion, string path) =>
        Assert.That(Read(Wrap(Asymmetric() + BodySigned + assertion)).Refusal?.Unsupported, Has.Some.StartWith($"{path} (line 1): "));

    [TestCase("<sp:EncryptBeforeSigning/><sp:EncryptSignature/>", "sp:EncryptSignature does not go with")]
    [TestCase("<sp:RecipientEncryptionToken><wsp:Policy/></sp:RecipientEncryptionToken>", "needs one token")]
    [TestCase("<sp:Layout><wsp:Policy><sp:Loose/></wsp:Policy></sp:Layout>", "sp:AsymmetricBinding/sp:Layout")]
    [TestCase("<sp:AlgorithmSuite><wsp:Policy><sp:Basic256/></wsp:Policy></sp:AlgorithmSuite>", "stands twice")]
    [TestCase("<sp:RecipientSignatureToken><wsp:Policy><sp:X509Token><wsp:Policy/></sp:X509Token></wsp:Policy></sp:RecipientSignatureToken>", "needs sp:RecipientToken exactly once, or sp:RecipientSignatureToken")]
    [TestCase("<sp:Unknown/>", "sp:AsymmetricBinding/sp:Unknown")]
    public void ReadAll_AsymmetricBindingThatCannotBeHonoured_IsRefused(string more, string reason) =>
        Assert.That(Read(Wrap(Asymmetric(more) + BodySigned)).Refusal?.Unsupported, Has.Some.Contains(reason));

    [TestCase("Basic192Sha257", "Basic192Sha257")]
    [TestCase("Basic256/><sp:InclusiveC14N", "InclusiveC14N")]
    [TestCase("Basic256/><sp:Basic128", "is a second suite")]
    public void ReadAll_SuiteThatIsNotSupported_IsRefused(string name, string reason)
    {
        var suite = $"<sp:AlgorithmSuite><wsp:Policy><sp:{name}/></wsp:Policy></sp:AlgorithmSuite>";
        Assert.That(Read(Wrap(Asymmetric(suite: suite) + BodySigned)).Refusal?.Unsupported, Has.Some.Contains(reason));
    }

    [TestCase("<sp:RequireEmbeddedTokenReference/>")]
    [TestCase("<sp:RequireImpliedDerivedKeys/>")]
    [TestCase("<sp:WssX509PkiPathV1Token11/>")]
    [TestCase("<sp:RequireDerivedKeys/>")]
    [TestCase("<sp:RequireThumbprintReference/><sp:RequireIssuerSerialReference/>")]
    public void ReadAll_X509TokenThatIsNotSupported_IsRefused(string nested) =>
        Assert.That(Read(Wrap(Asymmetric(nested: nested) + BodySigned + Wss11)).Refusal?.Unsupported, Is.Not.Null.And.All.StartWith("sp:AsymmetricBinding/"));

    [TestCase("", "<sp:Unknown/>")]
    [TestCase(" RequireClientCertificate='maybe'", "")]
    public void ReadAll_HttpsTokenThatIsNotSupported_IsRefused(string attribute, string nested) =>
        Assert.That(Read(Wrap(Transport(token: HttpsWith(attribute, nested)) + Username)).Refusal?.Unsupported, Has.Some.StartWith("sp:TransportBinding/sp:TransportToken/sp:HttpsToken"));

    [TestCase("", "", "no sp:IncludeTimestamp", true)]
    [TestCase("", "", "has nothing to do", false)]
    public void ReadAll_TransportBindingWithoutWork_IsRefused(string more, string token, string reason, bool endorses) =>
        Assert.That(Read(Wrap(Transport(more) + token + (endorses ? Endorsing() : string.Empty))).Refusal?.Unsupported, Has.Some.Contains(reason));

    [TestCase(BodySigned + Username)]
    [TestCase(Wss11)]
    [TestCase("<sp:EndorsingSupportingTokens><wsp:Policy><sp:X509Token><wsp:Policy/></sp:X509Token></wsp:Policy></sp:EndorsingSupportingTokens>")]
    public void ReadAll_WithoutABinding_WhatWouldHaveToBeProtectedIsRefused(string assertions) =>
        Assert.That(Read(Wrap(assertions)).Refusal?.Unsupported, Has.Some.Contains("nothing would protect the message"));

    [Test]
    public void ReadAll_SymmetricBindingOfWss10_IsRefused() =>
        Assert.That(Read(Wrap(Symmetric() + BodySigned + "<sp:Wss10><wsp:Policy/></sp:Wss10>")).Refusal?.Unsupported, Has.Some.StartsWith("sp:Wss10"));

    [Test]
    public void ReadAll_SignedElementsAgainstOnlyWholeParts_AreRefused() =>
        Assert.That(
            Read(Wrap(Asymmetric("<sp:OnlySignEntireHeadersAndBody/>") + "<sp:SignedElements><sp:XPath>//a</sp:XPath></sp:SignedElements>")).Refusal?.Unsupported,
            Has.Some.Contains("contradict sp:OnlySignEntireHeadersAndBody"));

    // Documents

    [Test]
    public void ReadAll_DocumentType_IsRefused()
    {
        using var reader = new StringReader("<!DOCTYPE a [<!ENTITY b 'c'>]>" + Wrap(Transport() + Username));
        Assert.That(() => PolicyImport.ReadAll(reader), Throws.InstanceOf<XmlException>());
    }

    [Test]
    public void ReadAll_PolicyThatRefersToItself_IsRefused() =>
        Assert.That(Read($"<wsp:Policy xmlns:wsp='{Wsp15}' Name='urn:a'><wsp:PolicyReference URI='urn:a'/></wsp:Policy>").Refusal?.Unsupported, Has.Some.Contains("refers to itself"));

    [Test]
    public void ReadAll_TooManyAlternatives_AreRefused()
    {
        var optional = string.Concat(Enumerable.Range(0, 12).Select(i => $"<x:A{i} xmlns:x='urn:x' wsp:Optional='true'/>"));
        Assert.That(Read(Wrap(optional)).Refusal?.Unsupported, Has.Some.Contains("makes more than 512 alternatives"));
    }

    [Test]
    public void ReadAll_ReferenceThatIsNotInTheDocument_IsRefused() =>
        Assert.That(Read(Wrap("<wsp:PolicyReference URI='#other'/>")).Refusal?.Unsupported, Has.Some.Contains("'#other', which is not in the document"));

    [Test]
    public void FromWsdl_SeveralPoliciesAndNoName_NamesThem()
    {
        using var reader = new StringReader($"<a xmlns:wsp='{Wsp15}'><wsp:Policy Name='urn:a'/><wsp:Policy Name='urn:b'/></a>");
        Assert.That(() => SecurityPolicy.FromWsdl(reader), Throws.ArgumentException.With.Message.Contains("urn:a, urn:b"));
    }

    [Test]
    public void FromWsdl_NameThatIsNotThere_NamesWhatIs()
    {
        using var reader = new StringReader(Wrap(Transport() + Username));
        Assert.That(() => SecurityPolicy.FromWsdl(reader, "other"), Throws.ArgumentException.With.Message.Contains("'other'"));
    }
}
