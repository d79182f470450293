namespace WsSecurity.Xml;

/// <summary>The children or the descendants of an element.</summary>
internal readonly struct XmlElements(XmlIndex index, int first, int end, bool descendants)
{
    public Enumerator GetEnumerator() => new(index, first, end, descendants);

    /// <summary>Walks the rows.</summary>
    internal struct Enumerator(XmlIndex index, int first, int end, bool descendants)
    {
        private int _current = -1;

        public readonly XmlElement Current => new(index, _current);

        public bool MoveNext()
        {
            _current = _current < 0 ? first : descendants ? _current + 1 : index.Row(_current).SubtreeEnd;
            return _current < end;
        }
    }
}
