using WsSecurity.Algorithms;
using WsSecurity.Encryption;
using WsSecurity.Tokens;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>The keys that a message brings encrypted: in its header, in a token, in what they encrypt. Each is decrypted once.</summary>
internal sealed class IncomingEncryptedKeys(Party party, IncomingDocument document, IncomingKeys keys)
{
    private readonly List<(TrackedElement Element, SymmetricKey Key)> _keys = [];
    private readonly List<SymmetricKey> _enclosedKeys = [];
    private readonly HashSet<int> _beingRead = [];

    /// <summary>The keys of the header, in the order in which they were decrypted.</summary>
    public IReadOnlyList<SymmetricKey> All => _keys.ConvertAll(entry => entry.Key);

    /// <summary>The keys that stand in a token, or in what they encrypt.</summary>
    public IReadOnlyList<SymmetricKey> Enclosed => _enclosedKeys;

    public bool IsRead(XmlElement element) => _keys.Exists(known => known.Element.Is(element));

    /// <summary>Decrypts an xenc:EncryptedKey, once.</summary>
    /// <param name="element">The element.</param>
    /// <param name="content">What the key is for, where that is known; it tells the key's length.</param>
    public SymmetricKey Read(XmlElement element, ContentEncryptionAlgorithm? content)
    {
        var known = _keys.Find(entry => entry.Element.Is(element)).Key;
        if (known is not null)
        {
            return known;
        }

        HeaderLimit.Demand(_keys.Count + _beingRead.Count, party.Policy.Limits.MaxEncryptedKeys, "EncryptedKeys");
        if (!_beingRead.Add(element.Start))
        {
            throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "EncryptedKeys wrap one another in a ring.");
        }

        SymmetricKey key;
        try
        {
            key = new EncryptedKeyDecryption(party, keys).Decrypt(EncryptedDataReader.ReadKey(element), content);
        }
        finally
        {
            _beingRead.Remove(element.Start);
        }

        _keys.Add((document.Track(element), key));
        return key;
    }

    /// <summary>Decrypts a key that stands in a token, or in what it encrypts.</summary>
    /// <param name="encrypted">The same key for one recipient each, of whom we must be one.</param>
    /// <param name="content">What the key is for, where that is known; it tells the key's length.</param>
    /// <exception cref="WsSecurityException">None is for us, or it is encrypted in a way that is not allowed.</exception>
    public SymmetricKey Open(IReadOnlyList<ParsedEncryptedKey> encrypted, ContentEncryptionAlgorithm? content)
    {
        HeaderLimit.Demand(_enclosedKeys.Count, party.Policy.Limits.MaxEncryptedKeys, "EncryptedKeys in tokens");
        WsSecurityException? refusal = null;
        foreach (var key in encrypted)
        {
            try
            {
                var opened = new EncryptedKeyDecryption(party, keys, isEnclosed: true).Decrypt(key, content);
                _enclosedKeys.Add(opened);
                return opened;
            }
            catch (WsSecurityException exception) when (exception.Failure == SecurityFailure.DecryptionKeyUnavailable)
            {
                refusal = exception;
            }
        }

        throw refusal ?? new WsSecurityException(SecurityFailure.DecryptionKeyUnavailable, "What is encrypted in a token brings no key.");
    }
}
