using System.Text;

namespace WsSecurity.Xml.XPath;

/// <summary>The axes that are supported (XPath 1.0, section 2.2).</summary>
internal enum XPathAxis
{
    Child,
    Descendant,
    DescendantOrSelf,
    Self,
}

/// <summary>A node test (section 2.3): a null URI means every namespace, a null name every name; both mean every element.</summary>
internal sealed record XPathName(string? Uri, string? LocalName)
{
    private readonly byte[]? _localName = LocalName is null ? null : Encoding.UTF8.GetBytes(LocalName);

    public static XPathName Any { get; } = new(null, null);

    public bool Matches(XmlElement element) => (Uri, _localName) switch
    {
        (null, null) => true,
        (null, _) => element.LocalName.SequenceEqual(_localName),
        (_, null) => element.NamespaceUri == Uri,
        _ => element.Is(_localName, Uri),
    };

    public bool Matches(XmlAttribute attribute) =>
        (Uri is null || attribute.NamespaceUri == Uri) && (_localName is null || attribute.LocalName.SequenceEqual(_localName));
}

/// <summary>One step: an axis, a name, and predicates. node() on the axes that have it differs from * in the document's root alone.</summary>
internal sealed record XPathStep(XPathAxis Axis, XPathName Name, bool IsNode, IReadOnlyList<XPathExpression> Predicates)
{
    /// <summary>Whether a predicate asks for a place among its siblings, so that each context is counted by itself.</summary>
    public bool IsPositional { get; } = Predicates.Any(predicate => predicate.IsPositional);
}

/// <summary>A location path; in a predicate it may end with an attribute.</summary>
internal sealed record XPathPath(bool IsAbsolute, IReadOnlyList<XPathStep> Steps, XPathName? Attribute);

/// <summary>What may stand in a predicate (sections 2.4 and 3).</summary>
internal abstract record XPathExpression
{
    public virtual bool IsPositional => false;

    public sealed record Or(XPathExpression Left, XPathExpression Right) : XPathExpression
    {
        public override bool IsPositional => Left.IsPositional || Right.IsPositional;
    }

    public sealed record And(XPathExpression Left, XPathExpression Right) : XPathExpression
    {
        public override bool IsPositional => Left.IsPositional || Right.IsPositional;
    }

    public sealed record Not(XPathExpression Operand) : XPathExpression
    {
        public override bool IsPositional => Operand.IsPositional;
    }

    /// <summary>Whether the path finds anything.</summary>
    public sealed record Exists(XPathPath Path) : XPathExpression;

    public sealed record Equal(XPathOperand Left, XPathOperand Right, bool IsNegated) : XPathExpression
    {
        public override bool IsPositional => Left.IsPositional || Right.IsPositional;
    }
}

/// <summary>One side of a comparison.</summary>
internal abstract record XPathOperand
{
    public virtual bool IsPositional => false;

    public sealed record Literal(string Value) : XPathOperand;

    public sealed record Number(double Value) : XPathOperand;

    public sealed record Position : XPathOperand
    {
        public override bool IsPositional => true;
    }

    public sealed record Last : XPathOperand
    {
        public override bool IsPositional => true;
    }

    public sealed record LocalName : XPathOperand;

    public sealed record NamespaceUri : XPathOperand;

    public sealed record Path(XPathPath Value) : XPathOperand;
}
