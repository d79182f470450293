using System.Collections;
using System.Globalization;
using System.Text;

namespace WsSecurity.Cli.Policies;

/// <summary>Writes a policy as C#: the preset of its mode, and what differs from that.</summary>
internal static class PolicyCode
{
    private const string Indent = "    ";
    private const string Change = " with";

    /// <param name="name">Whose policy it is; the class is called so, as far as C# allows.</param>
    /// <param name="policy">The policy.</param>
    /// <returns>A file that compiles beside a reference to the library.</returns>
    public static string Write(string name, SecurityPolicy policy)
    {
        var text = new StringBuilder()
            .AppendLine("using System;")
            .AppendLine("using System.Collections.Generic;")
            .AppendLine("using WsSecurity;")
            .AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"internal static class {IdentifierOf(name)}")
            .AppendLine("{")
            .Append(CultureInfo.InvariantCulture, $"{Indent}public static SecurityPolicy Policy {{ get; }} = ");
        var preset = typeof(SecurityPolicy).GetProperty(policy.AuthenticationMode.ToString())?.GetValue(null);
        if (preset is null)
        {
            WriteRecord(text, policy, "new SecurityPolicy", StatedProperties.DefaultOf(typeof(SecurityPolicy)), Indent);
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"SecurityPolicy.{policy.AuthenticationMode}");
            if (policy != (SecurityPolicy)preset)
            {
                WriteRecord(text, policy, Change, preset, Indent);
            }
        }

        return text.AppendLine(";").Append('}').ToString();
    }

    private static void WriteRecord(StringBuilder text, object record, string opening, object? other, string indent)
    {
        // A change need not say what every initializer must.
        var isChange = opening == Change;
        text.AppendLine(opening).Append(indent).AppendLine("{");
        foreach (var property in StatedProperties.Different(record, other).Where(property => !isChange || !Equals(property.GetValue(record), property.GetValue(other))))
        {
            text.Append(indent).Append(Indent).Append(property.Name).Append(" = ");
            WriteValue(text, property.GetValue(record)!, indent + Indent);
            text.AppendLine(",");
        }

        text.Append(indent).Append('}');
    }

    private static void WriteValue(StringBuilder text, object value, string indent)
    {
        switch (value)
        {
            case string written:
                WriteLiteral(text, written);
                break;
            case bool flag:
                text.Append(flag ? "true" : "false");
                break;
            case int or long:
                text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
            case TimeSpan duration:
                text.Append(CultureInfo.InvariantCulture, $"new TimeSpan({(int)duration.TotalHours}, {duration.Minutes}, {duration.Seconds})");
                break;
            case Enum:
                text.Append(CultureInfo.InvariantCulture, $"{value.GetType().Name}.{value}");
                break;
            case AlgorithmSuite suite when typeof(AlgorithmSuite).GetProperty(suite.Name) is not null:
                text.Append(CultureInfo.InvariantCulture, $"{nameof(AlgorithmSuite)}.{suite.Name}");
                break;
            case AlgorithmSuite suite:
                text.Append(CultureInfo.InvariantCulture, $"{nameof(AlgorithmSuite)}.{nameof(AlgorithmSuite.Parse)}(");
                WriteLiteral(text, suite.Name);
                text.Append(')');
                break;
            case IReadOnlyDictionary<string, MessageParts> operations:
                WriteDictionary(text, operations, indent);
                break;
            case LocationPath path:
                text.Append(CultureInfo.InvariantCulture, $"{nameof(LocationPath)}.{nameof(LocationPath.Parse)}(");
                WriteLiteral(text, path.Expression);
                if (path.Namespaces.Count > 0)
                {
                    text.Append(", ");
                    WriteDictionary(text, path.Namespaces, indent);
                }

                text.Append(')');
                break;
            case IEnumerable values:
                text.Append('[');
                foreach (var (i, item) in values.Cast<object>().Index())
                {
                    text.Append(i == 0 ? string.Empty : ", ");
                    WriteValue(text, item, indent);
                }

                text.Append(']');
                break;
            case MessageParts parts when parts == MessageParts.None:
                text.Append("MessageParts.None");
                break;
            default:
                WriteObject(text, value, indent);
                break;
        }
    }

    private static void WriteDictionary<T>(StringBuilder text, IReadOnlyDictionary<string, T> entries, string indent)
        where T : class
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"new Dictionary<string, {(typeof(T) == typeof(string) ? "string" : typeof(T).Name)}>").Append(indent).AppendLine("{");
        foreach (var (key, value) in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            text.Append(indent).Append(Indent).Append('[');
            WriteLiteral(text, key);
            text.Append("] = ");
            WriteValue(text, value, indent + Indent);
            text.AppendLine(",");
        }

        text.Append(indent).Append('}');
    }

    private static void WriteObject(StringBuilder text, object value, string indent)
    {
        var type = value.GetType();
        if (StatedProperties.DefaultOf(type) is { } nothing)
        {
            WriteRecord(text, value, $"new {type.Name}", nothing, indent);
            return;
        }

        // A record with a constructor, whose parameters are its properties.
        text.Append(CultureInfo.InvariantCulture, $"new {type.Name}(");
        var parameters = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters();
        foreach (var (i, parameter) in parameters.Index())
        {
            text.Append(i == 0 ? string.Empty : ", ");
            if (type.GetProperty(parameter.Name!)?.GetValue(value) is { } argument)
            {
                WriteValue(text, argument, indent);
            }
            else
            {
                text.Append("null");
            }
        }

        text.Append(')');
    }

    private static void WriteLiteral(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            _ = character is '"' or '\\' ? text.Append('\\').Append(character)
                : char.IsControl(character) || char.IsSurrogate(character) || character is '\u2028' or '\u2029' ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}")
                : text.Append(character);
        }

        text.Append('"');
    }

    // Always upper case, so that it is no keyword.
    private static string IdentifierOf(string name)
    {
        var letters = string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_'));
        return letters.Length > 0 && char.IsAsciiLetter(letters[0]) ? char.ToUpperInvariant(letters[0]) + letters[1..] : $"Policy_{letters}";
    }
}
