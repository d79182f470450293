using System.Collections;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace WsSecurity;

/// <summary>An immutable copy of a list that compares by its items, so that records which hold it compare by value.</summary>
internal sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[] _items;

    public ValueList(IEnumerable<T> items) => _items = [.. items];

    public static ValueList<T> Empty { get; } = new([]);

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    public bool Equals(ValueList<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode() => _items.Aggregate(_items.Length, HashCode.Combine);

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

internal static class ValueList
{
    public static ValueList<T> Of<T>(IReadOnlyList<T> items) => items as ValueList<T> ?? new ValueList<T>(items);
}

/// <summary>An immutable copy of a dictionary that compares by its entries.</summary>
internal sealed class ValueDictionary<T> : IReadOnlyDictionary<string, T>, IEquatable<ValueDictionary<T>>
{
    private readonly FrozenDictionary<string, T> _entries;

    public ValueDictionary(IEnumerable<KeyValuePair<string, T>> entries) => _entries = entries.ToFrozenDictionary(StringComparer.Ordinal);

    public static ValueDictionary<T> Empty { get; } = new([]);

    public int Count => _entries.Count;

    public IEnumerable<string> Keys => _entries.Keys;

    public IEnumerable<T> Values => _entries.Values;

    public T this[string key] => _entries[key];

    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _entries.TryGetValue(key, out value);

    public bool Equals(ValueDictionary<T>? other) =>
        other is not null && Count == other.Count
        && _entries.All(entry => other.TryGetValue(entry.Key, out var value) && EqualityComparer<T>.Default.Equals(entry.Value, value));

    public override bool Equals(object? obj) => Equals(obj as ValueDictionary<T>);

    public override int GetHashCode() => Count;

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

internal static class ValueDictionary
{
    public static ValueDictionary<T> Of<T>(IReadOnlyDictionary<string, T> entries) => entries as ValueDictionary<T> ?? new ValueDictionary<T>(entries);
}
