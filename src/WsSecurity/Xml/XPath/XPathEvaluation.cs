using System.Globalization;

namespace WsSecurity.Xml.XPath;

/// <summary>Evaluates location paths over an index, with a bound on the work that a document can make of them.</summary>
internal sealed class XPathEvaluation
{
    // A row of the document's root, above the first element's.
    private const int Root = -1;
    private const int VisitsPerElement = 32;
    private const int MinVisits = 100_000;

    private readonly XmlIndex _index;
    private long _visitsLeft;

    private XPathEvaluation(XmlIndex index)
    {
        _index = index;
        _visitsLeft = MinVisits + ((long)VisitsPerElement * index.Count);
    }

    /// <summary>The elements that the paths select, in document order; a relative path begins at the root element.</summary>
    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.PathTooCostly"/>.</exception>
    public static IReadOnlyList<XmlElement> Select(XmlIndex index, IReadOnlyList<XPathPath> paths)
    {
        var evaluation = new XPathEvaluation(index);
        var rows = new SortedSet<int>();
        foreach (var path in paths)
        {
            rows.UnionWith(evaluation.Walk([path.IsAbsolute ? Root : 0], path.Steps));
        }

        rows.Remove(Root);
        return [.. rows.Select(row => new XmlElement(index, row))];
    }

    private List<int> Walk(List<int> contexts, IReadOnlyList<XPathStep> steps)
    {
        foreach (var step in steps)
        {
            if (contexts.Count == 0)
            {
                break;
            }

            contexts = Walk(contexts, step);
        }

        return contexts;
    }

    // The contexts are in document order, each once; so are the results.
    private List<int> Walk(List<int> contexts, XPathStep step)
    {
        var found = new List<int>();
        var isOrdered = true;
        var coveredTo = Root;
        foreach (var context in contexts)
        {
            // What stands below a context that was walked down already would be found twice.
            var isDown = step.Axis is XPathAxis.Descendant or XPathAxis.DescendantOrSelf;
            if (isDown && !step.IsPositional && context != Root && context < coveredTo)
            {
                continue;
            }

            if (isDown)
            {
                coveredTo = Math.Max(coveredTo, SubtreeEnd(context));
            }

            foreach (var row in Filter(Matching(context, step), step.Predicates))
            {
                isOrdered &= found.Count == 0 || found[^1] < row;
                found.Add(row);
            }
        }

        return isOrdered ? found : [.. new SortedSet<int>(found)];
    }

    private List<int> Matching(int context, XPathStep step)
    {
        var matching = new List<int>();
        if (step.Axis is XPathAxis.Self or XPathAxis.DescendantOrSelf)
        {
            Add(context);
        }

        if (step.Axis != XPathAxis.Self)
        {
            for (var row = context + 1; row < SubtreeEnd(context); row = step.Axis == XPathAxis.Child ? SubtreeEnd(row) : row + 1)
            {
                Add(row);
            }
        }

        return matching;

        void Add(int row)
        {
            Visit(1);
            if (row == Root ? step.IsNode : step.Name.Matches(new XmlElement(_index, row)))
            {
                matching.Add(row);
            }
        }
    }

    private List<int> Filter(List<int> rows, IReadOnlyList<XPathExpression> predicates)
    {
        foreach (var predicate in predicates)
        {
            var kept = new List<int>();
            for (var i = 0; i < rows.Count; i++)
            {
                if (IsTrue(predicate, new Place(rows[i], i + 1, rows.Count)))
                {
                    kept.Add(rows[i]);
                }
            }

            rows = kept;
        }

        return rows;
    }

    private bool IsTrue(XPathExpression expression, Place place) => expression switch
    {
        XPathExpression.Or or => IsTrue(or.Left, place) || IsTrue(or.Right, place),
        XPathExpression.And and => IsTrue(and.Left, place) && IsTrue(and.Right, place),
        XPathExpression.Not not => !IsTrue(not.Operand, place),
        XPathExpression.Exists exists => Texts(exists.Path, place.Row, text: false).Count > 0,
        XPathExpression.Equal equal => IsTrue(equal, place),
        _ => throw new InvalidOperationException($"There is no evaluation of {expression}."),
    };

    // Section 3.4: of a path it is enough that one of its nodes compares.
    private bool IsTrue(XPathExpression.Equal equal, Place place)
    {
        var (path, other) = equal.Left is XPathOperand.Path left ? (left, equal.Right) : (equal.Right as XPathOperand.Path, equal.Left);
        if (path is null)
        {
            return AreEqual(Value(equal.Left, place), Value(equal.Right, place)) != equal.IsNegated;
        }

        var value = Value(other, place);
        return Texts(path.Value, place.Row, text: true).Exists(text => AreEqual(text, value) != equal.IsNegated);
    }

    private static bool AreEqual(object left, object right) => left is double || right is double
        ? ToNumber(left) == ToNumber(right)
        : (string)left == (string)right;

    // Section 4.4: white space around a number is no part of it; what is none is NaN, equal to nothing.
    private static double ToNumber(object value) => value is double number ? number
        : double.TryParse(((string)value).Trim(' ', '\t', '\r', '\n'), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var parsed) ? parsed
        : double.NaN;

    private object Value(XPathOperand operand, Place place) => operand switch
    {
        XPathOperand.Literal literal => literal.Value,
        XPathOperand.Number number => number.Value,
        XPathOperand.Position => (double)place.Position,
        XPathOperand.Last => (double)place.Last,
        XPathOperand.LocalName => place.Row == Root ? string.Empty : System.Text.Encoding.UTF8.GetString(new XmlElement(_index, place.Row).LocalName),
        XPathOperand.NamespaceUri => place.Row == Root ? string.Empty : new XmlElement(_index, place.Row).NamespaceUri,
        _ => throw new InvalidOperationException($"There is no value of {operand}."),
    };

    /// <summary>The nodes that a predicate's path finds, as texts where they are asked for.</summary>
    private List<string> Texts(XPathPath path, int context, bool text)
    {
        var texts = new List<string>();
        foreach (var row in Walk([context], path.Steps))
        {
            if (row == Root && path.Attribute is not null)
            {
                continue;
            }

            var element = new XmlElement(_index, Math.Max(row, 0));
            if (path.Attribute is null)
            {
                Visit(text ? (element.End - element.Start) / 16 : 0);
                texts.Add(text ? element.GetText() : string.Empty);
                continue;
            }

            foreach (var attribute in element.Attributes)
            {
                Visit(1);
                if (path.Attribute.Matches(attribute))
                {
                    texts.Add(text ? attribute.GetValue() : string.Empty);
                }
            }
        }

        return texts;
    }

    private int SubtreeEnd(int row) => row == Root ? _index.Count : _index.Row(row).SubtreeEnd;

    private void Visit(int count)
    {
        _visitsLeft -= count;
        if (_visitsLeft < 0)
        {
            throw new WsSecurityException(SecurityFailure.PathTooCostly, "A location path of the policy takes too much work in this message.");
        }
    }

    private readonly record struct Place(int Row, int Position, int Last);
}
