using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace WsSecurity.Xml.XPath;

/// <summary>
/// Parses the part of XPath 1.0 that policies use: location paths down the tree, with predicates over names, attributes, text and places. Everything
/// else is refused by its name and its place in the expression.
/// </summary>
internal sealed class XPathParser
{
    private const int MaxLength = 2048;
    private const int MaxSteps = 64;
    private const int MaxNesting = 16;

    private readonly string _text;
    private readonly IReadOnlyDictionary<string, string> _namespaces;
    private readonly SortedDictionary<string, string> _used = new(StringComparer.Ordinal);
    private int _position;
    private int _steps;
    private int _nesting;

    private XPathParser(string text, IReadOnlyDictionary<string, string> namespaces)
    {
        _text = text;
        _namespaces = namespaces;
    }

    /// <summary>The paths whose union the expression means, and the prefixes that it uses.</summary>
    /// <exception cref="FormatException">The expression is not one of those; the message says what, and where.</exception>
    public static (IReadOnlyList<XPathPath> Paths, IReadOnlyDictionary<string, string> Namespaces) Parse(string text, IReadOnlyDictionary<string, string> namespaces)
    {
        var parser = new XPathParser(text, namespaces);
        if (text.Length > MaxLength)
        {
            throw parser.Refuse($"it is longer than {MaxLength} characters", MaxLength);
        }

        var paths = new List<XPathPath> { parser.ReadPath(isPredicate: false) };
        while (parser.TryRead("|"))
        {
            paths.Add(parser.ReadPath(isPredicate: false));
        }

        parser.SkipSpace();
        return parser._position == text.Length ? (paths, parser._used) : throw parser.Unexpected();
    }

    private XPathPath ReadPath(bool isPredicate)
    {
        var steps = new List<XPathStep>();
        SkipSpace();
        var start = _position;
        var isAbsolute = TryRead("//");
        var goesDown = isAbsolute;
        isAbsolute |= !goesDown && TryRead("/");
        if (isAbsolute && isPredicate)
        {
            throw Refuse("an absolute path in a predicate", start);
        }

        while (true)
        {
            if (TryReadAttribute(isPredicate) is { } attribute)
            {
                if (goesDown)
                {
                    steps.Add(new XPathStep(XPathAxis.DescendantOrSelf, XPathName.Any, IsNode: true, []));
                }

                return new XPathPath(isAbsolute, steps, attribute);
            }

            AddStep(steps, goesDown);
            goesDown = TryRead("//");
            if (!goesDown && !TryRead("/"))
            {
                return new XPathPath(isAbsolute, steps, null);
            }
        }
    }

    // Section 2.5: // is /descendant-or-self::node()/. Without a place to count, the child of those is a descendant.
    private void AddStep(List<XPathStep> steps, bool goesDown)
    {
        var step = ReadStep();
        if (goesDown && step is { Axis: XPathAxis.Child, IsPositional: false })
        {
            step = step with { Axis = XPathAxis.Descendant };
        }
        else if (goesDown)
        {
            steps.Add(new XPathStep(XPathAxis.DescendantOrSelf, XPathName.Any, IsNode: true, []));
        }

        steps.Add(step);
    }

    private XPathStep ReadStep()
    {
        SkipSpace();
        if (++_steps > MaxSteps)
        {
            throw Refuse($"more than {MaxSteps} steps", _position);
        }

        if (Peek("..") || Peek("parent::"))
        {
            throw Refuse("the parent axis", _position);
        }

        if (TryRead("."))
        {
            return new XPathStep(XPathAxis.Self, XPathName.Any, IsNode: true, []);
        }

        var axis = ReadAxis();
        var start = _position;
        var isNode = false;
        XPathName name;
        if (ReadNodeType() is { } type)
        {
            isNode = type == "node" ? true : throw Refuse($"the node test '{type}()'", start);
            name = XPathName.Any;
            if (axis is XPathAxis.Child or XPathAxis.Descendant)
            {
                throw Refuse("the node test 'node()' on an axis of more than elements", start);
            }
        }
        else
        {
            name = ReadName();
        }

        var predicates = new List<XPathExpression>();
        while (TryRead("["))
        {
            predicates.Add(ReadPredicate());
        }

        return new XPathStep(axis, name, isNode, predicates);
    }

    private XPathAxis ReadAxis()
    {
        var start = _position;
        var name = ReadNcName();
        if (name is not null && TryRead("::"))
        {
            SkipSpace();
            return name switch
            {
                "child" => XPathAxis.Child,
                "descendant" => XPathAxis.Descendant,
                "descendant-or-self" => XPathAxis.DescendantOrSelf,
                "self" => XPathAxis.Self,
                _ => throw Refuse($"the axis '{name}'", start),
            };
        }

        _position = start;
        return XPathAxis.Child;
    }

    private string? ReadNodeType()
    {
        var start = _position;
        if (ReadNcName() is { } name && TryRead("("))
        {
            return name is "node" or "text" or "comment" or "processing-instruction" && TryRead(")") ? name : throw Refuse($"the function '{name}()'", start);
        }

        _position = start;
        return null;
    }

    private XPathName? TryReadAttribute(bool isPredicate)
    {
        SkipSpace();
        var start = _position;
        if (!TryRead("@") && !TryRead("attribute::"))
        {
            return null;
        }

        return isPredicate ? ReadName() : throw Refuse("an attribute, which is no element", start);
    }

    private XPathName ReadName()
    {
        SkipSpace();
        var start = _position;
        if (TryRead("*"))
        {
            return XPathName.Any;
        }

        var first = ReadNcName() ?? throw Unexpected();
        if (_position >= _text.Length || _text[_position] != ':')
        {
            // Section 2.3: a name without a prefix is in no namespace, whatever the default namespace.
            return new XPathName(string.Empty, first);
        }

        if (!_namespaces.TryGetValue(first, out var uri) && first != "xml")
        {
            throw Refuse($"the prefix '{first}', which is not declared", start);
        }

        if (first == "xml")
        {
            uri = XNamespace.Xml.NamespaceName;
        }
        else
        {
            _used[first] = uri!;
        }

        _position++;
        return _position < _text.Length && _text[_position] == '*' && ++_position > 0 ? new XPathName(uri, null)
            : new XPathName(uri, ReadNcName() ?? throw Unexpected());
    }

    // Predicates

    private XPathExpression ReadPredicate()
    {
        SkipSpace();
        var start = _position;
        if (ReadNumber() is { } place && TryRead("]"))
        {
            return new XPathExpression.Equal(new XPathOperand.Position(), new XPathOperand.Number(place), IsNegated: false);
        }

        _position = start;
        if (TryReadFunction("last") && TryRead("]"))
        {
            return new XPathExpression.Equal(new XPathOperand.Position(), new XPathOperand.Last(), IsNegated: false);
        }

        _position = start;
        var expression = ReadOr();
        return TryRead("]") ? expression : throw Unexpected();
    }

    private XPathExpression ReadOr()
    {
        var left = ReadAnd();
        while (TryReadWord("or"))
        {
            left = new XPathExpression.Or(left, ReadAnd());
        }

        return left;
    }

    private XPathExpression ReadAnd()
    {
        var left = ReadComparison();
        while (TryReadWord("and"))
        {
            left = new XPathExpression.And(left, ReadComparison());
        }

        return left;
    }

    private XPathExpression ReadComparison()
    {
        if (++_nesting > MaxNesting)
        {
            throw Refuse($"predicates nested deeper than {MaxNesting}", _position);
        }

        var expression = ReadNested() ?? ReadOperands();
        _nesting--;
        return expression;
    }

    private XPathExpression? ReadNested()
    {
        if (TryRead("("))
        {
            return ReadClosed();
        }

        var start = _position;
        if (TryReadWord("not") && TryRead("("))
        {
            return new XPathExpression.Not(ReadClosed());
        }

        _position = start;
        return null;
    }

    private XPathExpression ReadClosed()
    {
        var inner = ReadOr();
        return TryRead(")") ? inner : throw Unexpected();
    }

    private XPathExpression ReadOperands()
    {
        SkipSpace();
        var start = _position;
        var left = ReadOperand();
        var isNegated = TryRead("!=");
        if (isNegated || TryRead("="))
        {
            var right = ReadOperand();
            return left is XPathOperand.Path && right is XPathOperand.Path
                ? throw Refuse("a comparison of two paths", start)
                : new XPathExpression.Equal(left, right, isNegated);
        }

        SkipSpace();
        if (_position < _text.Length && _text[_position] is '<' or '>' or '+' or '-' or '*' or '|' or '/')
        {
            throw Unexpected();
        }

        return left is XPathOperand.Path path ? new XPathExpression.Exists(path.Value) : throw Refuse("a predicate without a comparison", start);
    }

    private XPathOperand ReadOperand()
    {
        SkipSpace();
        var start = _position;
        if (start == _text.Length)
        {
            throw Unexpected();
        }

        if (_text[start] is '"' or '\'')
        {
            var end = _text.IndexOf(_text[start], start + 1);
            _position = end < 0 ? throw Refuse("a string without an end", start) : end + 1;
            return new XPathOperand.Literal(_text[(start + 1)..end]);
        }

        if (ReadNumber() is { } number)
        {
            return new XPathOperand.Number(number);
        }

        return TryReadFunction("position") ? new XPathOperand.Position()
            : TryReadFunction("last") ? new XPathOperand.Last()
            : TryReadFunction("local-name") ? new XPathOperand.LocalName()
            : TryReadFunction("namespace-uri") ? new XPathOperand.NamespaceUri()
            : new XPathOperand.Path(ReadPath(isPredicate: true));
    }

    private double? ReadNumber()
    {
        SkipSpace();
        var end = _position;
        while (end < _text.Length && (char.IsAsciiDigit(_text[end]) || (_text[end] == '.' && end > _position)))
        {
            end++;
        }

        if (end == _position || !double.TryParse(_text.AsSpan(_position, end - _position), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        _position = end;
        return number;
    }

    private bool TryReadFunction(string name)
    {
        SkipSpace();
        var start = _position;
        if (ReadNcName() == name && TryRead("(") && TryRead(")"))
        {
            return true;
        }

        _position = start;
        return false;
    }

    // Words

    private string? ReadNcName()
    {
        var end = _position;
        while (end < _text.Length && (end == _position ? XmlConvert.IsStartNCNameChar(_text[end]) : XmlConvert.IsNCNameChar(_text[end])))
        {
            end++;
        }

        var name = end == _position ? null : _text[_position..end];
        _position = end;
        return name;
    }

    private bool TryReadWord(string word)
    {
        SkipSpace();
        var start = _position;
        if (ReadNcName() == word)
        {
            return true;
        }

        _position = start;
        return false;
    }

    private bool TryRead(string symbol)
    {
        SkipSpace();
        if (!Peek(symbol))
        {
            return false;
        }

        _position += symbol.Length;
        return true;
    }

    private bool Peek(string symbol) => string.CompareOrdinal(_text, _position, symbol, 0, symbol.Length) == 0;

    private void SkipSpace()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\t' or '\r' or '\n')
        {
            _position++;
        }
    }

    private FormatException Unexpected() =>
        _position < _text.Length ? Refuse($"'{_text[_position]}'", _position) : Refuse("its end, where a step is missing", _position);

    private FormatException Refuse(string what, int position) =>
        new(string.Create(CultureInfo.InvariantCulture, $"XPath '{Algorithms.RefusedValue.Show(_text)}' is not supported at character {position + 1}: {what}."));
}
