namespace WsSecurity.Xml;

/// <content>Attributes that others want to find again: Ids and types.</content>
internal ref partial struct XmlScanner
{
    /// <summary>Records what may be an Id, and whether it is one that WS-Security resolves (SOAP Message Security 1.1.1, section 4).</summary>
    private readonly void NoteId(in Attribute attribute, int elementPair, int row, int nameStart, int nameLength)
    {
        ReadOnlySpan<byte> local = _source.Slice(attribute.LocalStart, attribute.LocalLength);
        if (local.Length == 2 ? (local[0] | 0x20) != 'i' || (local[1] | 0x20) != 'd' : local.Length != 11 || local[0] != 'A')
        {
            return;
        }

        KnownNamespace element = _namespaces.KnownOf(elementPair);
        KnownNamespace space = _namespaces.KnownOf(attribute.Pair);
        bool unqualified = attribute.PrefixLength == 0;
        bool isId = local.SequenceEqual("Id"u8);
        bool isUpperId = local.SequenceEqual("ID"u8);
        bool isLowerId = local.SequenceEqual("id"u8);
        bool isAssertionId = local.SequenceEqual("AssertionID"u8);
        bool resolvable =
            (isId && space == KnownNamespace.WsSecurityUtility)
            || (isId && unqualified
                && element is KnownNamespace.XmlSignature or KnownNamespace.XmlEncryption or KnownNamespace.XmlEncryption11)
            || (isUpperId && unqualified && element == KnownNamespace.Saml20)
            || (isAssertionId && unqualified && element == KnownNamespace.Saml11 && IsAssertion(_source.Slice(nameStart, nameLength)));
        if (resolvable
            || (unqualified && (isId || isUpperId || isLowerId || isAssertionId))
            || (isLowerId && space == KnownNamespace.Xml))
        {
            _index.Ids.Add(row, attribute.ValueStart, attribute.ValueLength, resolvable);
        }
    }

    private static bool IsAssertion(ReadOnlySpan<byte> qualifiedName) =>
        qualifiedName[(qualifiedName.IndexOf((byte)':') + 1)..].SequenceEqual("Assertion"u8);

    /// <summary>An xsi:type depends on the declaration of the prefix in its value, which canonicalization does not see.</summary>
    private readonly void NoteType(in Attribute attribute, ref Frame frame)
    {
        if (attribute.PrefixLength == 0 || attribute.LocalLength != 4
            || _namespaces.KnownOf(attribute.Pair) != KnownNamespace.XmlSchemaInstance
            || !_source.Slice(attribute.LocalStart, 4).SequenceEqual("type"u8))
        {
            return;
        }

        frame.Flags |= XmlRowFlags.HasType;
        int prefix = XmlTypeName.FindPrefix(_namespaces, _source.Slice(attribute.ValueStart, attribute.ValueLength));
        int pair = prefix == NamespaceTable.NotBound ? NamespaceTable.NotBound : _namespaces[prefix].Pair;
        if (pair == NamespaceTable.NotBound)
        {
            frame.OutermostType = 0;
        }
        else if (pair > NamespaceTable.XmlNamespace)
        {
            frame.OutermostType = Math.Min(frame.OutermostType, _namespaces[prefix].Depth);
        }
    }
}
