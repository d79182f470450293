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

    /// <summary>The IncludeToken of the endorsing certificate; null where none endorses.</summary>
    public string? EndorsingInclusion { get; set; }

    /// <summary>Whether the UsernameToken is of WS-SecurityPolicy 1.1, which cannot say that a signed token is encrypted.</summary>
    public bool UsernameIsOfVersion11 { get; set; }

    public List<string> Refusals { get; } = [];

    /// <summary>What is honoured by other means than the policy, a sentence each.</summary>
    public List<string> Notes { get; } = [];

    public int AssertionCount { get; set; }
}
