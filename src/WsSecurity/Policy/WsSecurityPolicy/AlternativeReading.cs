namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>What an alternative says, and what of it is refused.</summary>
internal sealed class AlternativeReading
{
    public PolicyStatement Statement { get; set; } = new() { Kind = BindingKind.Transport };

    public bool HasBinding { get; set; }

    public bool HasSuite { get; set; }

    public bool HasWss10 { get; set; }

    public bool HasWss11 { get; set; }

    /// <summary>Whether the signature must not cover less than whole headers or the Body.</summary>
    public bool SignsOnlyWholeParts { get; set; }

    public MessageParts Signed { get; set; } = MessageParts.None;

    public MessageParts Encrypted { get; set; } = MessageParts.None;

    public MessageParts Required { get; set; } = MessageParts.None;

    /// <summary>The supporting tokens, in their order, and the assertion whose key protects the message.</summary>
    public List<StatedToken> Tokens { get; } = [];

    public List<string> Refusals { get; } = [];

    /// <summary>What is honoured by other means than the policy, a sentence each.</summary>
    public List<string> Notes { get; } = [];

    public int AssertionCount { get; set; }
}
