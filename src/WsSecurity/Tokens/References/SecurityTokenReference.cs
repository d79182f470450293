using System.Globalization;
using System.Numerics;
using WsSecurity.Algorithms;
using WsSecurity.Specifications;
using WsSecurity.Tokens.DerivedKeys;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.References;

/// <summary>How a KeyInfo names its key (SOAP Message Security 1.1.1, section 7; X.509 Token Profile 1.1.1, section 3.2).</summary>
internal abstract record SecurityTokenReference
{
    /// <summary>By the Id of a token in this message.</summary>
    public sealed record Direct(string Id) : SecurityTokenReference;

    /// <summary>By the Id of the request's UsernameToken, in a reply that does not have it.</summary>
    public sealed record UsernameTokenOfRequest(string Id) : SecurityTokenReference;

    /// <summary>By the SHA-1 of the certificate.</summary>
    public sealed record Thumbprint(byte[] Sha1) : SecurityTokenReference;

    /// <summary>By the certificate's SubjectKeyIdentifier extension.</summary>
    public sealed record SubjectKeyIdentifier(byte[] Identifier) : SecurityTokenReference;

    /// <summary>By issuer and serial number.</summary>
    public sealed record IssuerSerial(string Issuer, BigInteger Serial) : SecurityTokenReference;

    /// <summary>By the certificate itself.</summary>
    public sealed record Certificate(byte[] Der) : SecurityTokenReference;

    /// <summary>By a bare key, as a SubjectPublicKeyInfo.</summary>
    public sealed record KeyValue(byte[] PublicKeyInfo) : SecurityTokenReference;

    /// <summary>By a BinarySecurityToken inside of the reference (SOAP Message Security 1.1.1, section 7.4).</summary>
    public sealed record Embedded(XmlElement Token) : SecurityTokenReference;

    /// <summary>By the Id of a SAML assertion in this message (SAML Token Profile 1.1.1, section 3.4).</summary>
    public sealed record SamlAssertion(string Id) : SecurityTokenReference;

    /// <summary>By the SHA-1 of an EncryptedKey of the exchange.</summary>
    public sealed record EncryptedKeySha1(byte[] Sha1) : SecurityTokenReference;

    /// <summary>By what derives the key from another, in attributes of the reference itself (WS-SecureConversation 1.3, section 7.4).</summary>
    public sealed record ImpliedDerivedKey(DerivedKeyToken Token, string Namespace) : SecurityTokenReference;

    /// <summary>By the SHA-1 of a Kerberos token's octets (Kerberos Token Profile 1.1.1, section 3.3).</summary>
    public sealed record KerberosApReqSha1(byte[] Sha1) : SecurityTokenReference;

    /// <summary>Whether it names a certificate, or holds one, rather than something of the message.</summary>
    public bool NamesCertificate => this is Thumbprint or SubjectKeyIdentifier or IssuerSerial or Certificate;

    /// <summary>Whether a certificate is what the reference names, or holds.</summary>
    public bool Names(CertificateEntry certificate) => this switch
    {
        Thumbprint thumbprint => thumbprint.Sha1.AsSpan().SequenceEqual(certificate.ThumbprintSha1),
        SubjectKeyIdentifier identifier => certificate.SubjectKeyIdentifier is { } own && identifier.Identifier.AsSpan().SequenceEqual(own),
        IssuerSerial name => certificate.SerialNumber == name.Serial && DistinguishedName.Matches(name.Issuer, certificate.Certificate.IssuerName),
        Certificate known => certificate.Raw.Span.SequenceEqual(known.Der),
        _ => false,
    };

    /// <summary>Reads the one reference that a KeyInfo may hold.</summary>
    /// <exception cref="WsSecurityException">There is none, or one that is not supported.</exception>
    public static SecurityTokenReference FromKeyInfo(XmlElement keyInfo)
    {
        if (keyInfo.IsNone || keyInfo.FirstChild.IsNone)
        {
            throw new WsSecurityException(SecurityFailure.SecurityTokenUnavailable, "There is no KeyInfo that names a key.");
        }

        var child = keyInfo.FirstChild;
        if (!child.NextSibling.IsNone)
        {
            // Basic Security Profile 1.1, R5402: exactly one child, so that there is no choice between keys.
            throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "A KeyInfo names more than one key.");
        }

        if (child.Is("SecurityTokenReference"u8, Wsse.Namespace))
        {
            return Read(child);
        }

        if (child.Is("X509Data"u8, XmlSignature.Namespace))
        {
            return ReadX509Data(child);
        }

        return X509.KeyValue.Is(child) ? new KeyValue(X509.KeyValue.Read(child)) : throw Unsupported(child);
    }

    /// <summary>Reads a wsse:SecurityTokenReference.</summary>
    /// <exception cref="WsSecurityException">It is broken or not supported.</exception>
    public static SecurityTokenReference Read(XmlElement element)
    {
        foreach (var uri in (ReadOnlySpan<string>)[WsSecureConversation.Namespace, WsSecureConversation.Namespace200502])
        {
            if (element.GetAttribute("Nonce", uri) is { } nonce)
            {
                return new ImpliedDerivedKey(DerivedKeyToken.ReadImplied(ReadSource(element), nonce, element.GetAttribute("Length", uri)), uri);
            }
        }

        return ReadSource(element);
    }

    private static SecurityTokenReference ReadSource(XmlElement element)
    {
        var child = element.FirstChild;
        if (child.IsNone || !child.NextSibling.IsNone)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A SecurityTokenReference does not hold exactly one reference.");
        }

        if (child.Is("Reference"u8, Wsse.Namespace))
        {
            return ReadDirect(child);
        }

        if (child.Is("KeyIdentifier"u8, Wsse.Namespace))
        {
            return ReadKeyIdentifier(child);
        }

        if (child.Is("Embedded"u8, Wsse.Namespace))
        {
            return ReadEmbedded(child);
        }

        return child.Is("X509Data"u8, XmlSignature.Namespace) ? ReadX509Data(child) : throw Unsupported(child);
    }

    private static SecurityTokenReference ReadDirect(XmlElement reference)
    {
        var uri = reference.GetAttribute("URI");
        if (string.IsNullOrEmpty(uri) || uri == "#")
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A token Reference has no URI.");
        }

        // As CXF names the request's token in a reply.
        return uri[0] == '#' ? new Direct(uri[1..])
            : reference.GetAttribute("ValueType") == UsernameTokenProfile.UsernameToken ? new UsernameTokenOfRequest(uri)
            : throw new WsSecurityException(SecurityFailure.ExternalReference, "A token Reference leads out of the message.");
    }

    private static Embedded ReadEmbedded(XmlElement embedded)
    {
        var token = embedded.FirstChild;
        if (token.IsNone || !token.NextSibling.IsNone)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A wsse:Embedded does not hold exactly one token.");
        }

        return token.Is("BinarySecurityToken"u8, Wsse.Namespace) ? new Embedded(token) : throw Unsupported(token);
    }

    private static SecurityTokenReference ReadKeyIdentifier(XmlElement identifier)
    {
        if (identifier.GetAttribute("ValueType") is SamlTokenProfile.SamlId or SamlTokenProfile.SamlAssertionId)
        {
            return identifier.TryGetText(out var id) && id.Trim() is { Length: > 0 } trimmed
                ? new SamlAssertion(trimmed)
                : throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A KeyIdentifier names no SAML assertion.");
        }

        if (identifier.GetAttribute("EncodingType") is { } encoding && encoding != Wsse.Base64Binary)
        {
            throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "A KeyIdentifier has another encoding than Base64Binary.");
        }

        if (!identifier.TryGetBase64(out var octets) || octets.Length == 0)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A KeyIdentifier is not Base64.");
        }

        return identifier.GetAttribute("ValueType") switch
        {
            Wsse.ThumbprintSha1 => new Thumbprint(octets),
            X509TokenProfile.SubjectKeyIdentifier => new SubjectKeyIdentifier(octets),
            X509TokenProfile.X509v3 => new Certificate(octets),
            Wsse.EncryptedKeySha1 => new EncryptedKeySha1(octets),
            KerberosTokenProfile.ApReqSha1 => new KerberosApReqSha1(octets),
            var other => throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, $"The KeyIdentifier type '{RefusedValue.Show(other ?? string.Empty)}' is not supported."),
        };
    }

    /// <summary>Reads a ds:X509Data with one name of a certificate.</summary>
    /// <exception cref="WsSecurityException">It is broken or not supported.</exception>
    public static SecurityTokenReference ReadX509Data(XmlElement data)
    {
        SecurityTokenReference? found = null;
        foreach (var child in data.Children)
        {
            SecurityTokenReference? one = null;
            if (child.Is("X509IssuerSerial"u8, XmlSignature.Namespace))
            {
                one = ReadIssuerSerial(child);
            }
            else if (child.Is("X509SKI"u8, XmlSignature.Namespace) && child.TryGetBase64(out var identifier))
            {
                one = new SubjectKeyIdentifier(identifier);
            }
            else if (child.Is("X509Certificate"u8, XmlSignature.Namespace) && child.TryGetBase64(out var der))
            {
                one = new Certificate(der);
            }

            if (one is null || found is not null)
            {
                throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "An X509Data holds something else than one issuer and serial, one key identifier or one certificate.");
            }

            found = one;
        }

        return found ?? throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "An X509Data is empty.");
    }

    private static IssuerSerial ReadIssuerSerial(XmlElement element)
    {
        var issuer = element.FirstChild;
        var serial = issuer.IsNone ? issuer : issuer.NextSibling;
        if (serial.IsNone
            || !issuer.Is("X509IssuerName"u8, XmlSignature.Namespace) || !issuer.TryGetText(out var name)
            || !serial.Is("X509SerialNumber"u8, XmlSignature.Namespace) || !serial.TryGetText(out var digits)
            || digits.Length > 128
            || !BigInteger.TryParse(digits.AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "An X509IssuerSerial is not an issuer's name and a number.");
        }

        return new IssuerSerial(name.Trim(), number);
    }

    private static WsSecurityException Unsupported(XmlElement element) =>
        new(SecurityFailure.UnsupportedSecurityToken, $"A key is named by '{RefusedValue.Show(System.Text.Encoding.UTF8.GetString(element.LocalName))}', which is not supported.");
}
