namespace WsSecurity.Xml;

/// <summary>The QName that an <c>xsi:type</c> holds.</summary>
internal static class XmlTypeName
{
    /// <summary>The id of the QName's prefix, or <see cref="NamespaceTable.NotBound"/> when the document never declares it.</summary>
    public static int FindPrefix(NamespaceTable namespaces, ReadOnlySpan<byte> rawValue)
    {
        ReadOnlySpan<byte> value = XmlText.IsNormalizationNeeded(rawValue) ? XmlText.NormalizeValue(rawValue) : rawValue;
        value = value.Trim(" \t\r\n"u8);
        return namespaces.FindPrefix(value[..Math.Max(0, value.IndexOf((byte)':'))]);
    }
}
