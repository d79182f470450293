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

    private readonly XPathText _text;
    private readonly XPathPredicateParser _predicates;
    private readonly IReadOnlyDictionary<string, string> _namespaces;
    private readonly SortedDictionary<string, string> _used = new(StringComparer.Ordinal);
    private int _steps;

    private XPathParser(string text, IReadOnlyDictionary<string, string> namespaces)
    {
        _text = new XPathText(text);
        _predicates = new XPathPredicateParser(_text, () => ReadPath(isPredicate: true));
        _namespaces = namespaces;
    }

    /// <summary>The paths whose union the expression means, and the prefixes that it uses.</summary>
    /// <exception cref="FormatException">The expression is not one of those; the message says what, and where.</exception>
    public static (IReadOnlyList<XPathPath> Paths, IReadOnlyDictionary<string, string> Namespaces) Parse(string text, IReadOnlyDictionary<string, string> namespaces)
    {
        var parser = new XPathParser(text, namespaces);
        if (text.Length > MaxLength)
        {
            throw parser._text.Refuse($"it is longer than {MaxLength} characters", MaxLength);
        }

        var paths = new List<XPathPath> { parser.ReadPath(isPredicate: false) };
        while (parser._text.TryRead("|"))
        {
            paths.Add(parser.ReadPath(isPredicate: false));
        }

        parser._text.SkipSpace();
        return parser._text.IsAtEnd ? (paths, parser._used) : throw parser._text.Unexpected();
    }

    private XPathPath ReadPath(bool isPredicate)
    {
        var steps = new List<XPathStep>();
        _text.SkipSpace();
        var start = _text.Position;
        var isAbsolute = _text.TryRead("//");
        var goesDown = isAbsolute;
        isAbsolute |= !goesDown && _text.TryRead("/");
        if (isAbsolute && isPredicate)
        {
            throw _text.Refuse("an absolute path in a predicate", start);
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
            goesDown = _text.TryRead("//");
            if (!goesDown && !_text.TryRead("/"))
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
        _text.SkipSpace();
        if (++_steps > MaxSteps)
        {
            throw _text.Refuse($"more than {MaxSteps} steps", _text.Position);
        }

        if (_text.Peek("..") || _text.Peek("parent::"))
        {
            throw _text.Refuse("the parent axis", _text.Position);
        }

        if (_text.TryRead("."))
        {
            return new XPathStep(XPathAxis.Self, XPathName.Any, IsNode: true, []);
        }

        var axis = ReadAxis();
        var start = _text.Position;
        var isNode = false;
        XPathName name;
        if (ReadNodeType() is { } type)
        {
            isNode = type == "node" ? true : throw _text.Refuse($"the node test '{type}()'", start);
            name = XPathName.Any;
            if (axis is XPathAxis.Child or XPathAxis.Descendant)
            {
                throw _text.Refuse("the node test 'node()' on an axis of more than elements", start);
            }
        }
        else
        {
            name = ReadName();
        }

        var predicates = new List<XPathExpression>();
        while (_text.TryRead("["))
        {
            predicates.Add(_predicates.Read());
        }

        return new XPathStep(axis, name, isNode, predicates);
    }

    private XPathAxis ReadAxis()
    {
        var start = _text.Position;
        var name = _text.ReadNcName();
        if (name is not null && _text.TryRead("::"))
        {
            _text.SkipSpace();
            return name switch
            {
                "child" => XPathAxis.Child,
                "descendant" => XPathAxis.Descendant,
                "descendant-or-self" => XPathAxis.DescendantOrSelf,
                "self" => XPathAxis.Self,
                _ => throw _text.Refuse($"the axis '{name}'", start),
            };
        }

        _text.Position = start;
        return XPathAxis.Child;
    }

    private string? ReadNodeType()
    {
        var start = _text.Position;
        if (_text.ReadNcName() is { } name && _text.TryRead("("))
        {
            return name is "node" or "text" or "comment" or "processing-instruction" && _text.TryRead(")") ? name : throw _text.Refuse($"the function '{name}()'", start);
        }

        _text.Position = start;
        return null;
    }

    private XPathName? TryReadAttribute(bool isPredicate)
    {
        _text.SkipSpace();
        var start = _text.Position;
        if (!_text.TryRead("@") && !_text.TryRead("attribute::"))
        {
            return null;
        }

        return isPredicate ? ReadName() : throw _text.Refuse("an attribute, which is no element", start);
    }

    private XPathName ReadName()
    {
        _text.SkipSpace();
        var start = _text.Position;
        if (_text.TryRead("*"))
        {
            return XPathName.Any;
        }

        var first = _text.ReadNcName() ?? throw _text.Unexpected();
        if (_text.IsAtEnd || _text.Current != ':')
        {
            // Section 2.3: a name without a prefix is in no namespace, whatever the default namespace.
            return new XPathName(string.Empty, first);
        }

        if (!_namespaces.TryGetValue(first, out var uri) && first != "xml")
        {
            throw _text.Refuse($"the prefix '{first}', which is not declared", start);
        }

        if (first == "xml")
        {
            uri = XNamespace.Xml.NamespaceName;
        }
        else
        {
            _used[first] = uri!;
        }

        _text.Position++;
        return !_text.IsAtEnd && _text.Current == '*' && ++_text.Position > 0 ? new XPathName(uri, null)
            : new XPathName(uri, _text.ReadNcName() ?? throw _text.Unexpected());
    }
}
