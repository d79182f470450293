using System.Xml.Linq;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>What one policy is imported for: an endpoint of a WSDL, or a policy that stands alone.</summary>
/// <param name="Name">The binding's, port's or policy's name.</param>
/// <param name="Messages">Its messages, each with the policies that apply to it.</param>
internal sealed record PolicySubject(string Name, IReadOnlyList<MessageSubject> Messages)
{
    /// <summary>What the reader should know beside the policy, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>One message of a subject.</summary>
/// <param name="Description">What it is called in explanations.</param>
/// <param name="IsReply">Whether it answers.</param>
/// <param name="Action">Its WS-Addressing action; null where the document does not tell.</param>
/// <param name="Policies">The policies, or references to some, of endpoint, operation and message.</param>
internal sealed record MessageSubject(string Description, bool IsReply, string? Action, IReadOnlyList<XElement> Policies)
{
    /// <summary>The operation that the message belongs to; null where it stands for all.</summary>
    public string? Operation { get; init; }

    /// <summary>The action of the reply beside which this is the fault; null for other messages.</summary>
    public string? FaultBeside { get; init; }
}
