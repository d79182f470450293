using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using WsSecurity.Encryption;
using WsSecurity.Soap;
using WsSecurity.Specifications;
using WsSecurity.Tokens;
using WsSecurity.Tokens.Saml;
using WsSecurity.Tokens.Kerberos;
using WsSecurity.Tokens.Username;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>The key of a message that is being written, and the list of what it encrypts.</summary>
internal sealed class OutgoingEncryption
{
    private readonly AlgorithmSuite _suite;
    private readonly MessageSecurityVersion _version;
    private readonly bool _emitBspRequiredAttributes;
    private readonly List<string> _encryptedIds = [];
    private readonly string? _keyId;
    private readonly List<(string Id, OutgoingKeyEncryption Encryption)> _encryptedKeys = [];
    private readonly OutgoingKerberosToken? _kerberos;
    private readonly KerberosTokenForm _kerberosForm;
    private OutgoingDerivedKey? _signing;
    private OutgoingDerivedKey? _encrypting;

    private OutgoingEncryption(Party party)
    {
        _suite = party.Suite;
        _version = party.Policy.MessageSecurityVersion;
        _emitBspRequiredAttributes = party.Policy.EmitBspRequiredAttributes;
        _kerberosForm = party.Policy.KerberosTokenForm;
        Key = null!;
    }

    /// <summary>A new key, encrypted for each of the certificates: any of them decrypts the message.</summary>
    /// <exception cref="InvalidOperationException">A certificate has no key that the suite can encrypt for.</exception>
    public OutgoingEncryption(Party party, IReadOnlyList<CertificateEntry> targets, bool isFromRequest)
        : this(party)
    {
        var secret = RandomNumberGenerator.GetBytes(_suite.ContentEncryption.KeySize);
        _encryptedKeys.AddRange(targets.Select(target => (Ids.New("EK"), new OutgoingKeyEncryption(party, target, secret))));
        (_keyId, var first) = _encryptedKeys[0];
        Key = new SymmetricKey(secret, SHA1.HashData(first.CipherValue), first.Method, isFromRequest);
        DeriveKeys(party, null);
    }

    /// <summary>The key of a Kerberos ticket.</summary>
    /// <exception cref="WsSecurityException">The KDC made a key whose length is not the suite's.</exception>
    public OutgoingEncryption(Party party, OutgoingKerberosToken token)
        : this(party)
    {
        _suite.RequireSymmetricKeyLength(token.Key.Secret.Length);
        _kerberos = token;
        _keyId = party.NamesKerberosByKeyIdentifier ? null : token.Item.Id;
        Key = token.Key;
        DeriveKeys(party, null);
    }

    /// <summary>A key that both sides know: the request's, the secret that an assertion brings, or one that is derived from a password.</summary>
    public OutgoingEncryption(Party party, SymmetricKey sharedKey, SecureConversationVersion? requestVersion)
        : this(party)
    {
        Key = sharedKey;
        DeriveKeys(party, requestVersion);
    }

    public SymmetricKey Key { get; }

    /// <summary>What an HMAC takes: the key, or what is derived of it for signatures.</summary>
    public byte[] SigningSecret => _signing?.Secret ?? Key.Secret;

    public bool DerivesKeys => _signing is not null;

    /// <summary>The DerivedKeyTokens of the keys that are used.</summary>
    public IEnumerable<HeaderItem> DerivedKeyTokens(bool signs)
    {
        if (signs && _signing is not null)
        {
            yield return _signing.Token;
        }

        if (HasEncryptedParts && _encrypting is not null)
        {
            yield return _encrypting.Token;
        }
    }

    public bool HasEncryptedParts => _encryptedIds.Count > 0;

    /// <summary>Whether the header brings the key, rather than naming that of the request.</summary>
    public bool BringsKey => _encryptedKeys.Count > 0 || _kerberos is not null;

    /// <summary>Whether what brings the key can hold the list of what it encrypts.</summary>
    public bool KeyHoldsList => _encryptedKeys.Count > 0;

    /// <summary>What brings the key: the EncryptedKey, or one for each recipient, with the list of what it encrypts, or without; or the Kerberos token.</summary>
    public HeaderItem WriteKey(bool withReferences) => _kerberos?.Item ?? new(
        _keyId!,
        [.. _encryptedKeys.SelectMany(key => key.Encryption.Write(key.Id, withReferences && HasEncryptedParts ? _encryptedIds : null))]);

    public HeaderItem WriteReferenceList() => new(string.Empty, EncryptionWriter.WriteReferenceList(_encryptedIds));

    /// <summary>Names the key of the message signature.</summary>
    public void WriteSigningKeyReference(Utf8XmlWriter writer) => WriteReference(writer, _signing);

    /// <summary>Takes an Id for something that will be encrypted while the envelope is written.</summary>
    public string Announce()
    {
        var id = Ids.New("ED");
        _encryptedIds.Add(id);
        return id;
    }

    // Of several EncryptedKeys none is the one to name: their lists name the data.
    public void WriteData(IBufferWriter<byte> output, string id, bool contentOnly, ReadOnlySpan<byte> plaintext) =>
        EncryptionWriter.WriteData(
            output, id, contentOnly, _suite.ContentEncryption, _encrypting is null ? Key.SecretFor(_suite.ContentEncryption) : _encrypting.Secret, plaintext, _encryptedKeys.Count > 1 ? null : writer => WriteReference(writer, _encrypting));

    public HeaderItem Encrypt(HeaderItem item)
    {
        var id = Announce();
        return new HeaderItem(id, EncryptElement(id, item.Octets));
    }

    public byte[] EncryptElement(ReadOnlySpan<byte> octets) => EncryptElement(Announce(), octets);

    /// <summary>
    /// A header block becomes an EncryptedHeader that a node is to understand under the same conditions (SOAP Message Security 1.1.1,
    /// section 9.3); in WSS 1.0 there is only the EncryptedData.
    /// </summary>
    public byte[] EncryptHeader(XmlElement block, ReadOnlySpan<byte> octets, SoapEnvelope envelope, string headerId)
    {
        if (_version == MessageSecurityVersion.Wss10)
        {
            return EncryptElement(octets);
        }

        var output = new ArrayBufferWriter<byte>();
        var writer = new Utf8XmlWriter(output);
        writer.StartElement("wsse11", "EncryptedHeader");
        writer.NamespaceDeclaration("wsse11", Wsse.Namespace11);
        writer.NamespaceDeclaration("wsu", Wsu.Namespace);
        writer.Attribute("wsu", "Id", headerId);
        var declares = false;
        foreach (var attribute in block.Attributes)
        {
            if (attribute.NamespaceUri != envelope.Namespace)
            {
                continue;
            }

            if (!declares)
            {
                writer.NamespaceDeclaration("soap", envelope.Namespace);
                declares = true;
            }

            writer.Attribute("soap", Encoding.UTF8.GetString(attribute.LocalName), attribute.GetValue());
        }

        writer.RawMarkup(EncryptElement(octets));
        writer.EndElement();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Zeroes the keys that are this message's alone.</summary>
    /// <param name="keepsKey">Whether the exchange goes on with the key itself.</param>
    public void Forget(bool keepsKey)
    {
        _signing?.Forget();
        _encrypting?.Forget();
        if (!keepsKey)
        {
            Key.Dispose();
        }
    }

    private void DeriveKeys(Party party, SecureConversationVersion? requestVersion)
    {
        var version = requestVersion ?? party.ConversationVersion;
        if (party.Binding.DerivesKeys)
        {
            _signing = new OutgoingDerivedKey(Key, _suite.SignatureDerivedKeyLength, version, _emitBspRequiredAttributes, WriteKeyReference);
            _encrypting = new OutgoingDerivedKey(Key, _suite.EncryptionDerivedKeyLength, version, _emitBspRequiredAttributes, WriteKeyReference);
        }
    }

    private void WriteKeyReference(Utf8XmlWriter writer)
    {
        if (Key.Assertion is { } assertion)
        {
            SamlReferenceWriter.Write(writer, assertion);
        }
        else if (Key.UsernameTokenId is { } tokenId)
        {
            UsernameTokenWriter.WriteReference(writer, tokenId, isOfRequest: !Key.IsFromRequest);
        }
        else if (Key.IsKerberos)
        {
            KerberosTokenWriter.WriteReference(writer, _kerberosForm, _keyId, Key.EncryptedKeySha1, _emitBspRequiredAttributes);
        }
        else
        {
            EncryptionWriter.WriteKeyReference(writer, _keyId, Key.EncryptedKeySha1, _emitBspRequiredAttributes);
        }
    }

    private void WriteReference(Utf8XmlWriter writer, OutgoingDerivedKey? derived)
    {
        if (derived is null)
        {
            WriteKeyReference(writer);
        }
        else
        {
            derived.WriteReference(writer);
        }
    }

    private byte[] EncryptElement(string id, ReadOnlySpan<byte> octets)
    {
        var output = new ArrayBufferWriter<byte>();
        WriteData(output, id, contentOnly: false, octets);
        return output.WrittenSpan.ToArray();
    }
}
