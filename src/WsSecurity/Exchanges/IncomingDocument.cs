using WsSecurity.Encryption;
using WsSecurity.Soap;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>The envelope as it stands now: as received at first, later with plaintext where ciphertext stood.</summary>
internal sealed class IncomingDocument : IDisposable
{
    private readonly List<TrackedElement> _tracked = [];
    private TrackedElement? _security;

    public IncomingDocument(XmlIndex index) => Envelope = SoapEnvelope.Read(index);

    public SoapEnvelope Envelope { get; private set; }

    /// <summary>Our Security header; none where the message has none.</summary>
    public XmlElement SecurityHeader => _security?.In(Envelope.Index) ?? default;

    /// <exception cref="WsSecurityException">There are two for the actor.</exception>
    public void FindSecurityHeader(string? actor)
    {
        var header = Envelope.FindSecurityHeader(actor);
        _security = header.IsNone ? null : Track(header);
    }

    public TrackedElement Track(XmlElement element)
    {
        var tracked = new TrackedElement(element);
        _tracked.Add(tracked);
        return tracked;
    }

    /// <summary>Goes on with a document in which ciphertext was replaced; what was tracked follows.</summary>
    /// <exception cref="WsSecurityException">It is no envelope any more.</exception>
    public void Replace(XmlIndex index, List<Replacement> replacements)
    {
        var old = Envelope.Index;
        Envelope = SoapEnvelope.Read(index);
        old.Dispose();
        for (var i = replacements.Count - 1; i >= 0; i--)
        {
            var (start, end, element, delta) = replacements[i];
            foreach (var tracked in _tracked)
            {
                tracked.Follow(start, end, element, delta);
            }
        }
    }

    public void Dispose() => Envelope.Index.Dispose();
}
