using WsSecurity.Soap;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>The envelope as it stands now: plain at first, later with the Ids and the ciphertext that protecting it put in.</summary>
internal sealed class OutgoingDocument(ProcessingLimits limits) : IDisposable
{
    private readonly List<XmlIndex> _indexes = [];

    public SoapEnvelope Envelope { get; private set; } = null!;

    /// <summary>Goes on with these octets; elements of the envelope before it stay readable.</summary>
    public void Scan(ReadOnlyMemory<byte> octets)
    {
        var index = XmlIndex.Scan(octets, limits);
        _indexes.Add(index);
        Envelope = SoapEnvelope.Read(index);
    }

    public void Dispose() => _indexes.ForEach(index => index.Dispose());
}
