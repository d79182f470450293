using WsSecurity.Evidence;

namespace WsSecurity.AspNetCore;

/// <summary>What protects one SOAP endpoint. Immutable; change it with <c>with { … }</c>.</summary>
public sealed record WsSecurityEndpoint
{
    /// <summary>What requests must prove, and how replies are protected.</summary>
    public required SecurityPolicy Policy { get; init; }

    /// <summary>
    /// Our keys, and whom we trust. Where they hold no <see cref="SecurityCredentials.UsernameTokenValidator"/>, the host's
    /// <see cref="IUsernameTokenValidator"/> service is used; where no <see cref="SecurityCredentials.CustomTokenHandlers"/>, its
    /// <see cref="ICustomTokenHandler"/> services.
    /// </summary>
    public required SecurityCredentials Credentials { get; init; }

    /// <summary>
    /// This endpoint's address as callers know it; a signed To that names another one is refused. Set it behind a proxy that does not
    /// forward the original address, and wherever the host answers to any Host header.
    /// </summary>
    /// <value>null: the address of each request.</value>
    public Uri? EndpointAddress { get; init; }

    /// <summary>Which messages are kept as evidence, and where. The application runs only when the request's is durable, unless it says otherwise.</summary>
    /// <value>null: the host's <see cref="EvidenceRecording"/> service, where there is one.</value>
    public EvidenceRecording? Evidence { get; init; }

    /// <summary>
    /// The header blocks that the application understands; a request with another mandatory header is refused. For applications that do not
    /// look at <c>mustUnderstand</c> themselves, SoapCore among them.
    /// </summary>
    /// <value>null: the application looks itself.</value>
    public IReadOnlyList<QualifiedName>? UnderstoodHeaders { get; init; }

    /// <summary>
    /// Whether GET and HEAD without a body pass unprotected to exactly the endpoint's path, where services publish their WSDL.
    /// Everything else below the path must be a protected SOAP message.
    /// </summary>
    /// <value>true.</value>
    public bool AllowMetadata { get; init; } = true;

    /// <summary>
    /// Whether the application sees the action of the HTTP headers where the Body is signed and no signature covers a WS-Addressing
    /// Action. Somebody on the way could change it, and send the signed Body to another operation (SOAPAction spoofing); without it,
    /// services find the operation by the Body. Set it only for services that cannot, and whose operations refuse each other's bodies.
    /// </summary>
    /// <value>false: then the application sees an empty action.</value>
    public bool AllowUnsignedAction { get; init; }
}
