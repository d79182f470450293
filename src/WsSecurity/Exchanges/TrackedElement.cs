using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>
/// An element that keeps its identity while decryption rewrites the document around and inside it: by offset, never by an Id
/// that would be looked up again.
/// </summary>
internal sealed class TrackedElement(XmlElement element)
{
    private int _end = element.End;

    /// <summary>The offset in the current document; -1 when the element is gone.</summary>
    public int Start { get; private set; } = element.Start;

    /// <summary>Something inside was ciphertext when this element was tracked, or the element itself was.</summary>
    public bool HeldCiphertext { get; private set; }

    /// <summary>The element itself was ciphertext and has been replaced by what it held.</summary>
    public bool WasReplaced { get; private set; }

    public bool Is(XmlElement other) => !other.IsNone && Start == other.Start;

    public XmlElement In(XmlIndex index) => Start < 0 ? default : index.ElementAt(Start);

    /// <summary>Follows the replacement of the octets from <paramref name="start"/> to <paramref name="end"/>.</summary>
    /// <param name="start">The first octet that is replaced.</param>
    /// <param name="end">The octet after the last that is replaced.</param>
    /// <param name="replacement">The offset of the one element that replaces it; -1 where content does.</param>
    /// <param name="delta">By how much the document grows.</param>
    public void Follow(int start, int end, int replacement, int delta)
    {
        if (Start < 0 || _end <= start)
        {
            return;
        }

        if (Start >= end)
        {
            Start += delta;
            _end += delta;
            return;
        }

        HeldCiphertext = true;
        if (Start < start)
        {
            _end += delta;
            return;
        }

        // The ciphertext itself, or something inside of it.
        WasReplaced = Start == start;
        Start = Start == start ? replacement : -1;
        _end = end + delta;
    }
}
