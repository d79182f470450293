using WsSecurity.Algorithms;
using WsSecurity.Encryption;
using WsSecurity.Specifications;
using WsSecurity.Tokens;
using WsSecurity.Tokens.References;
using WsSecurity.Tokens.Saml;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>Decrypts what the Security header names (SOAP Message Security 1.1.1, section 9).</summary>
internal sealed class IncomingDecryption(Party party, IncomingDocument document, IncomingKeys keys, IncomingAssertions assertions)
{
    private readonly List<DecryptedPart> _decryptedParts = [];
    private readonly List<(List<string> Ids, WsSecurityException Refusal)> _forOthers = [];
    private readonly HashSet<string> _decryptedIds = new(StringComparer.Ordinal);
    private int _decryptions;
    private long _rewritten;

    public IReadOnlyList<DecryptedPart> Parts => _decryptedParts;

    public void ProcessEncryptedKey(XmlElement element)
    {
        var list = element.Child("ReferenceList"u8, XmlEncryption.Namespace);
        var ids = list.IsNone ? [] : EncryptedDataReader.ReadReferenceList(list, party.Policy.Limits);
        SymmetricKey key;
        try
        {
            key = keys.EncryptedKeys.Read(element, FindAlgorithms(ids).FirstOrDefault());
        }
        catch (WsSecurityException exception) when (exception.Failure == SecurityFailure.DecryptionKeyUnavailable)
        {
            // A message can be for several recipients. What is for others must be for us, too, in the end.
            HeaderLimit.Demand(_forOthers.Count, party.Policy.Limits.MaxEncryptedKeys, "EncryptedKeys");
            _forOthers.Add((ids, exception));
            return;
        }

        if (ids.Count > 0)
        {
            DecryptAll(ids, key, element);
        }
    }

    public void ProcessReferenceList(XmlElement element) =>
        DecryptAll(EncryptedDataReader.ReadReferenceList(element, party.Policy.Limits), null, element);

    public DecryptedPart? Find(XmlElement element) => _decryptedParts.Find(part => !part.ContentOnly && part.Element.Is(element));

    // Every algorithm is looked at before a private key is used.
    private List<ContentEncryptionAlgorithm> FindAlgorithms(List<string> ids) =>
        ids.FindAll(id => !_decryptedIds.Contains(id))
            .ConvertAll(id => party.Suite.FindContentEncryption(EncryptedDataReader.ReadData(FindEncryptedData(id)).UntrustedAlgorithm));

    private XmlElement FindEncryptedData(string id)
    {
        var element = document.Envelope.Index.FindById(id);
        return element.IsNone
            ? throw new WsSecurityException(SecurityFailure.UnresolvedReference, "A DataReference names nothing in the message.")
            : element;
    }

    public void ProcessEncryptedData(XmlElement element)
    {
        // Where its key stands further down, the key's ReferenceList may name it; if none does it is left over.
        if (IsReady(EncryptedDataReader.ReadData(element)))
        {
            Decrypt([Prepare(element, null)]);
        }
    }

    /// <summary>Decrypts a saml2:EncryptedAssertion, where its key is at hand.</summary>
    public void ProcessEncryptedAssertion(XmlElement element)
    {
        var encrypted = SamlEncryptedElement.Read(element);
        if (encrypted.Keys.Count > 0 || IsReady(encrypted.Data))
        {
            Decrypt([PrepareAssertion(encrypted)]);
        }
    }

    private bool IsReady(ParsedEncryptedData data) =>
        !data.KeyInfo.IsNone
        && (BringsKey(data) || SecurityTokenReference.FromKeyInfo(data.KeyInfo) is not SecurityTokenReference.Direct direct || keys.IsAvailable(document.Envelope.Index.FindById(direct.Id)));

    // As .NET's issuers encrypt an assertion: the key stands in the KeyInfo of what it encrypts.
    private static bool BringsKey(ParsedEncryptedData data) =>
        data.KeyInfo.FirstChild is { IsNone: false } key && key.NextSibling.IsNone && key.Is("EncryptedKey"u8, XmlEncryption.Namespace);

    private PendingDecryption PrepareAssertion(SamlEncryptedElement encrypted)
    {
        if (encrypted.Keys.Count == 0)
        {
            return Prepare(encrypted.Data.Element, null);
        }

        var algorithm = party.Suite.FindContentEncryption(encrypted.Data.UntrustedAlgorithm);
        return new PendingDecryption(encrypted.Data, algorithm, keys.EncryptedKeys.Open(encrypted.Keys, algorithm));
    }

    /// <summary>Decrypts one EncryptedData of the header that no list named.</summary>
    /// <returns>false when there is none.</returns>
    public bool DecryptLeftover()
    {
        foreach (var child in document.SecurityHeader.Children)
        {
            var isAssertion = assertions.AcceptsEncrypted(child);
            if (isAssertion || child.Is("EncryptedData"u8, XmlEncryption.Namespace))
            {
                var data = isAssertion ? SamlEncryptedElement.Read(child).Data : EncryptedDataReader.ReadData(child);
                if (data.KeyInfo.IsNone)
                {
                    throw new WsSecurityException(SecurityFailure.DecryptionKeyUnavailable, "An element of the Security header is encrypted by a key that the message does not name.");
                }

                Decrypt([Prepare(data.Element, null)]);
                return true;
            }
        }

        foreach (var (ids, refusal) in _forOthers)
        {
            if (keys.EncryptedKeys.All.Count == 0 || ids.Exists(id => !_decryptedIds.Contains(id)))
            {
                throw refusal;
            }
        }

        return false;
    }

    private void DecryptAll(List<string> ids, SymmetricKey? key, XmlElement user)
    {
        if (ids.Distinct(StringComparer.Ordinal).Count() != ids.Count)
        {
            throw new WsSecurityException(SecurityFailure.InvalidEncryptionStructure, "A ReferenceList names a part twice.");
        }

        // An EncryptedData of the header that named its key was decrypted when it was reached.
        ids = ids.FindAll(id => !_decryptedIds.Contains(id));

        if (party.DemandedLayout == SecurityHeaderLayout.Strict)
        {
            foreach (var id in ids)
            {
                if (FindEncryptedData(id) is var data && data.Parent == document.SecurityHeader && data.Start < user.Start)
                {
                    throw new WsSecurityException(SecurityFailure.HeaderLayoutViolated, "An EncryptedData stands before its key.");
                }
            }
        }

        var parts = ids.ConvertAll(id => Prepare(FindEncryptedData(id), key));
        parts.Sort((left, right) => left.Start.CompareTo(right.Start));
        Decrypt(parts);
    }

    private PendingDecryption Prepare(XmlElement element, SymmetricKey? key)
    {
        if (party.IsTransit && !element.IsDescendantOf(document.SecurityHeader))
        {
            throw new WsSecurityException(SecurityFailure.EncryptedForTransit, $"{ElementPath.Of(element)} is encrypted for a node on the way, which must leave it as it is.");
        }

        var data = EncryptedDataReader.ReadData(element);
        var algorithm = party.Suite.FindContentEncryption(data.UntrustedAlgorithm);
        if (key is null && BringsKey(data))
        {
            key = keys.EncryptedKeys.Open([EncryptedDataReader.ReadKey(data.KeyInfo.FirstChild)], algorithm);
        }
        else if (key is null)
        {
            key = keys.Resolve(SecurityTokenReference.FromKeyInfo(data.KeyInfo), element).Key as SymmetricKey
                ?? throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "An EncryptedData names a key that is not symmetric.");
        }

        if (key is { IsPasswordDerived: true, Source: null } && key.Secret.Length < algorithm.KeySize)
        {
            throw new WsSecurityException(SecurityFailure.KeyTooWeak, $"A key of {key.Secret.Length * 8} bits is derived from the password, and {algorithm.Uri} takes {algorithm.KeySize * 8}.");
        }

        return new PendingDecryption(data, algorithm, key);
    }

    private void Decrypt(List<PendingDecryption> parts)
    {
        _decryptions += parts.Count;
        if (_decryptions > party.Policy.Limits.MaxEncryptedParts)
        {
            throw new WsSecurityException(SecurityFailure.TooManySecurityElements, $"More than {party.Policy.Limits.MaxEncryptedParts} parts are encrypted.");
        }

        // Each time the whole document is copied and scanned; parts that come one by one would have a large one scanned over and over.
        var length = document.Envelope.Source.Length;
        _rewritten += length;
        if (_rewritten > (8L * length) + (16 << 20))
        {
            throw new WsSecurityException(SecurityFailure.TooManySecurityElements, "The parts of a large message are encrypted one by one; a ReferenceList names them together.");
        }

        for (var i = 1; i < parts.Count; i++)
        {
            if (parts[i].Start < parts[i - 1].End)
            {
                throw new WsSecurityException(SecurityFailure.InvalidEncryptionStructure, "A ReferenceList names overlapping parts.");
            }
        }

        keys.HasUsedSecret = true;
        foreach (var part in parts)
        {
            if (part.Data.Element.GetAttribute("Id") is { } id)
            {
                _decryptedIds.Add(id);
            }
        }

        var found = parts.ConvertAll(Describe);
        var isAssertion = parts.ConvertAll(part => part.Replaced.Is("EncryptedAssertion"u8, Saml20.Namespace));
        document.Replace(Decryption.Apply(document.Envelope.Source, parts, party.Policy.Limits, out var replacements), replacements);
        for (var i = 0; i < found.Count; i++)
        {
            if (isAssertion[i] && !found[i].Element.In(document.Envelope.Index).Is("Assertion"u8, Saml20.Namespace))
            {
                throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "An EncryptedAssertion holds something else than an assertion.");
            }
        }

        _decryptedParts.AddRange(found);
    }

    private DecryptedPart Describe(PendingDecryption part)
    {
        if (!part.Data.ContentOnly)
        {
            return new DecryptedPart(document.Track(part.Replaced), false, true, part.Algorithm.Uri, part.Key);
        }

        var parent = part.Data.Element.Parent;
        var source = parent.Index.Utf8.Span;
        var isWhole = IsBlank(source[parent.ContentStart..part.Start]) && IsBlank(source[part.End..parent.ContentEnd]);
        return new DecryptedPart(document.Track(parent), true, isWhole, part.Algorithm.Uri, part.Key);

        static bool IsBlank(ReadOnlySpan<byte> octets) => octets.IndexOfAnyExcept(" \t\r\n"u8) < 0;
    }
}
