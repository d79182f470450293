namespace WsSecurity.Xml;

/// <summary>Receives a canonical form, piece by piece.</summary>
internal interface ICanonicalSink
{
    /// <summary>Octets that the sink must use before it returns.</summary>
    public void Append(ReadOnlySpan<byte> octets);

    /// <summary>Octets of the source document, so that a sink can refer to them and need not copy.</summary>
    public void AppendSource(int start, int length);
}
