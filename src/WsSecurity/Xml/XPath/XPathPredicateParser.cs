namespace WsSecurity.Xml.XPath;

/// <summary>Parses what stands in the brackets of a step (XPath 1.0, sections 2.4 and 3): places, and comparisons of names, attributes and text.</summary>
/// <param name="text">The expression, read up to the predicate.</param>
/// <param name="readPath">Reads a path in the predicate.</param>
internal sealed class XPathPredicateParser(XPathText text, Func<XPathPath> readPath)
{
    private const int MaxNesting = 16;

    private int _nesting;

    /// <summary>Reads a predicate behind its opening bracket, and the closing one.</summary>
    /// <exception cref="FormatException">It is not one of those that are supported.</exception>
    public XPathExpression Read()
    {
        text.SkipSpace();
        var start = text.Position;
        if (text.ReadNumber() is { } place && text.TryRead("]"))
        {
            return new XPathExpression.Equal(new XPathOperand.Position(), new XPathOperand.Number(place), IsNegated: false);
        }

        text.Position = start;
        if (text.TryReadFunction("last") && text.TryRead("]"))
        {
            return new XPathExpression.Equal(new XPathOperand.Position(), new XPathOperand.Last(), IsNegated: false);
        }

        text.Position = start;
        var expression = ReadOr();
        return text.TryRead("]") ? expression : throw text.Unexpected();
    }

    private XPathExpression ReadOr()
    {
        var left = ReadAnd();
        while (text.TryReadWord("or"))
        {
            left = new XPathExpression.Or(left, ReadAnd());
        }

        return left;
    }

    private XPathExpression ReadAnd()
    {
        var left = ReadComparison();
        while (text.TryReadWord("and"))
        {
            left = new XPathExpression.And(left, ReadComparison());
        }

        return left;
    }

    private XPathExpression ReadComparison()
    {
        if (++_nesting > MaxNesting)
        {
            throw text.Refuse($"predicates nested deeper than {MaxNesting}", text.Position);
        }

        var expression = ReadNested() ?? ReadOperands();
        _nesting--;
        return expression;
    }

    private XPathExpression? ReadNested()
    {
        if (text.TryRead("("))
        {
            return ReadClosed();
        }

        var start = text.Position;
        if (text.TryReadWord("not") && text.TryRead("("))
        {
            return new XPathExpression.Not(ReadClosed());
        }

        text.Position = start;
        return null;
    }

    private XPathExpression ReadClosed()
    {
        var inner = ReadOr();
        return text.TryRead(")") ? inner : throw text.Unexpected();
    }

    private XPathExpression ReadOperands()
    {
        text.SkipSpace();
        var start = text.Position;
        var left = ReadOperand();
        var isNegated = text.TryRead("!=");
        if (isNegated || text.TryRead("="))
        {
            var right = ReadOperand();
            return left is XPathOperand.Path && right is XPathOperand.Path
                ? throw text.Refuse("a comparison of two paths", start)
                : new XPathExpression.Equal(left, right, isNegated);
        }

        text.SkipSpace();
        if (!text.IsAtEnd && text.Current is '<' or '>' or '+' or '-' or '*' or '|' or '/')
        {
            throw text.Unexpected();
        }

        return left is XPathOperand.Path path ? new XPathExpression.Exists(path.Value) : throw text.Refuse("a predicate without a comparison", start);
    }

    private XPathOperand ReadOperand()
    {
        text.SkipSpace();
        if (text.IsAtEnd)
        {
            throw text.Unexpected();
        }

        if (text.ReadLiteral() is { } literal)
        {
            return new XPathOperand.Literal(literal);
        }

        if (text.ReadNumber() is { } number)
        {
            return new XPathOperand.Number(number);
        }

        return text.TryReadFunction("position") ? new XPathOperand.Position()
            : text.TryReadFunction("last") ? new XPathOperand.Last()
            : text.TryReadFunction("local-name") ? new XPathOperand.LocalName()
            : text.TryReadFunction("namespace-uri") ? new XPathOperand.NamespaceUri()
            : new XPathOperand.Path(readPath());
    }
}
