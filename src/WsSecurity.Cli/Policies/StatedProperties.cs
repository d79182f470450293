using System.Reflection;
using System.Runtime.CompilerServices;

namespace WsSecurity.Cli.Policies;

/// <summary>
/// The properties of a record of a policy, as its initializer has them. What is written comes from the types themselves, so that no property can be
/// forgotten.
/// </summary>
internal static class StatedProperties
{
    /// <summary>All that can be set, in the order of the type.</summary>
    public static IEnumerable<PropertyInfo> Of(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true });

    /// <summary>Those that differ from a record's other state, and those that every initializer must have.</summary>
    public static IEnumerable<PropertyInfo> Different(object record, object? other) => Of(record.GetType())
        .Where(property => other is null || property.IsDefined(typeof(RequiredMemberAttribute)) || !Equals(property.GetValue(record), property.GetValue(other)))
        .Where(property => property.GetValue(record) is not null);

    /// <summary>A record of which nothing is said; null where its constructor asks for something.</summary>
    public static object? DefaultOf(Type type) => type.GetConstructor(Type.EmptyTypes) is { } create ? create.Invoke(null) : null;
}
