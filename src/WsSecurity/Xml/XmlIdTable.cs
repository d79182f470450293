using System.Buffers;
using System.Text;

namespace WsSecurity.Xml;

/// <summary>
/// The attributes of a document that may be Ids. A lookup compares 16-bit fingerprints, many at a time, and then the values.
/// </summary>
internal sealed class XmlIdTable(XmlIndex index) : IDisposable
{
    private Entry[] _entries = [];
    private ushort[] _fingerprints = [];
    private int _count;

    public void Add(int row, int valueStart, int valueLength, bool resolvable)
    {
        if (_count == _entries.Length || _count == _fingerprints.Length)
        {
            Grow();
        }

        ReadOnlySpan<byte> value = index.Source.Slice(valueStart, valueLength);
        _fingerprints[_count] = Fingerprint(XmlText.IsNormalizationNeeded(value) ? XmlText.NormalizeValue(value) : value);
        _entries[_count++] = new Entry(row, valueStart, valueLength, resolvable);
    }

    public XmlElement Find(string id)
    {
        byte[] sought = Encoding.UTF8.GetBytes(id);
        ushort fingerprint = Fingerprint(sought);
        ReadOnlySpan<ushort> fingerprints = _fingerprints.AsSpan(0, _count);
        int found = -1;
        int first = -1;
        bool repeated = false;
        for (int i = 0; fingerprints[i..].IndexOf(fingerprint) is >= 0 and int next; i++)
        {
            i += next;
            ref Entry entry = ref _entries[i];
            if (ValueEquals(entry, sought))
            {
                repeated |= first >= 0 && first != entry.Row;
                first = entry.Row;
                found = entry.Resolvable ? entry.Row : found;
            }
        }

        if (found >= 0 && repeated)
        {
            XmlFailure.Throw(SecurityFailure.DuplicateId, "A referenced Id stands on two elements", index.Row(found).Start);
        }

        return found < 0 ? default : new XmlElement(index, found);
    }

    public void Dispose()
    {
        if (_entries.Length > 0)
        {
            ArrayPool<Entry>.Shared.Return(_entries);
            ArrayPool<ushort>.Shared.Return(_fingerprints);
            _entries = [];
            _fingerprints = [];
        }

        _count = 0;
    }

    private bool ValueEquals(in Entry entry, ReadOnlySpan<byte> sought)
    {
        ReadOnlySpan<byte> value = index.Source.Slice(entry.ValueStart, entry.ValueLength);
        return value.SequenceEqual(sought)
            ? !XmlText.IsNormalizationNeeded(value)
            : XmlText.IsNormalizationNeeded(value) && sought.SequenceEqual(XmlText.NormalizeValue(value));
    }

    private void Grow()
    {
        int size = Math.Max(16, _count * 2);
        Entry[] entries = ArrayPool<Entry>.Shared.Rent(size);
        ushort[] fingerprints = ArrayPool<ushort>.Shared.Rent(size);
        _entries.AsSpan(0, _count).CopyTo(entries);
        _fingerprints.AsSpan(0, _count).CopyTo(fingerprints);
        int count = _count;
        Dispose();
        _count = count;
        _entries = entries;
        _fingerprints = fingerprints;
    }

    private static ushort Fingerprint(ReadOnlySpan<byte> value)
    {
        // Ids differ at their ends more often than at their beginnings.
        uint hash = (uint)value.Length;
        for (int i = value.Length - 1, stop = Math.Max(0, value.Length - 8); i >= stop; i--)
        {
            hash = (hash * 31) + value[i];
        }

        return (ushort)(hash ^ (hash >> 16));
    }

    private readonly record struct Entry(int Row, int ValueStart, int ValueLength, bool Resolvable);
}
