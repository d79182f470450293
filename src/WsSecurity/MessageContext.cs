using System.Net;

namespace WsSecurity;

/// <summary>What the carrier of a message knows about it.</summary>
public sealed record MessageContext
{
    /// <summary>Nothing is known.</summary>
    public static MessageContext Empty { get; } = new();

    /// <summary>
    /// The action outside of the envelope: SOAPAction, or the <c>action</c> parameter of the media type. An envelope that states
    /// another one in a signed header is refused. When protecting: selects <see cref="ProtectedParts.Operations"/> where the envelope has no Action.
    /// </summary>
    public string? Action { get; init; }

    /// <summary>This endpoint's address, as callers know it. A signed To that names another one is refused.</summary>
    /// <value>null: not checked.</value>
    public Uri? EndpointAddress { get; init; }

    /// <summary>The charset of the media type.</summary>
    /// <value>null: none was stated.</value>
    public string? Charset { get; init; }

    /// <summary>Whether the transport protects integrity and confidentiality (TLS).</summary>
    /// <value>false.</value>
    public bool IsTransportProtected { get; init; }

    /// <summary>Where the message came from, for SAML assertions that may be sent from one address only.</summary>
    /// <value>null: not known; such an assertion is refused.</value>
    public IPAddress? RemoteAddress { get; init; }

    /// <summary>
    /// The header blocks that the application understands, for applications that do not look at <c>mustUnderstand</c> themselves: a request with
    /// another mandatory header for this node is refused (SOAP 1.1 section 4.2.3, SOAP 1.2 Part 1 section 2.4).
    /// </summary>
    /// <value>null: the application looks itself, as WCF does.</value>
    public IReadOnlyList<QualifiedName>? UnderstoodHeaders { get; init => field = value is null ? null : ValueList.Of(value); }

    /// <summary>The tokens of a request that is protected, where <see cref="SecurityCredentials.TokenProvider"/> gives them.</summary>
    /// <value>null: none was acquired.</value>
    public AcquiredTokens? Tokens { get; init; }

    /// <summary>The protection level of this operation's message, where the contract states one.</summary>
    /// <value>null: the policy's.</value>
    public ProtectionLevel? ProtectionLevel { get; init; }
}
