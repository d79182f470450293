using WsSecurity.ServiceModel.Channels;
#if COREWCF
using CoreWCF.Channels;
using CoreWCF.Description;
#else
using System.ServiceModel.Channels;
using System.ServiceModel.Description;
#endif

namespace WsSecurity.ServiceModel.Inspectors;

/// <summary>What an inspector can honour; each refusal says why, and names the binding element.</summary>
internal static class InspectorRequirements
{
    private static readonly string[] AddressingNamespaces = ["http://www.w3.org/2005/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing"];

    // WCF sets them between the inspectors and the encoder.
    private static readonly string[] LateHeaders = ["To", "MessageID", "ReplyTo", "From", "FaultTo"];

    /// <summary>Refuses what an inspector would do wrong.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <exception cref="InvalidOperationException">The policy or the endpoint needs the binding element.</exception>
    public static void Demand(SecurityPolicy policy, ServiceEndpoint endpoint)
    {
        if (endpoint.Binding is null)
        {
            throw new InvalidOperationException($"The endpoint '{endpoint.Name}' has no binding yet; set one first.");
        }

        if (endpoint.Binding.CreateBindingElements().Find<WsSecurityBindingElement>() is not null)
        {
            throw new InvalidOperationException(
                $"The endpoint '{endpoint.Name}' has {nameof(WsSecurityBindingElement)} in its binding and {nameof(MessageSecurityInspectorBehavior)} beside it; remove the behavior.");
        }

        if (Encrypts(policy, endpoint.Contract))
        {
            throw Refuse(endpoint, "encrypts parts of messages, which is possible only where they are encoded");
        }

        if (endpoint.Contract.CallbackContractType is not null)
        {
            throw Refuse(endpoint, "would leave the callbacks of the contract unprotected: inspectors do not see them");
        }

        if (SignsLateHeaders(policy, endpoint.Binding.MessageVersion))
        {
            throw Refuse(endpoint, "signs To, MessageID or ReplyTo, which WCF writes after its inspectors have run");
        }
    }

    private static bool Encrypts(SecurityPolicy policy, ContractDescription contract)
    {
        if (policy.EncryptedParts is { } parts && Sets(parts).Append(parts.Reply).Any(set => set is { Body: true } or { Headers.Count: > 0 } or { Elements.Count: > 0 }))
        {
            return true;
        }

        var leavesLevelsAlone = policy.AuthenticationMode.IsOverTransport() || policy.AuthenticationMode == AuthenticationMode.CertificateSignature;
        return !leavesLevelsAlone && (LevelsOf(contract).Contains(ProtectionLevel.EncryptAndSign) ||
            (policy.EncryptedParts is null && policy.ProtectionLevel == ProtectionLevel.EncryptAndSign));
    }

    private static bool SignsLateHeaders(SecurityPolicy policy, MessageVersion version)
    {
        if (version.Addressing == AddressingVersion.None)
        {
            return false;
        }

        return policy.SignedParts is { } parts
            ? Sets(parts).OfType<MessageParts>().SelectMany(set => set.Headers).Any(IsLate)
            : !policy.AuthenticationMode.IsOverTransport();
    }

    private static bool IsLate(QualifiedName header) =>
        AddressingNamespaces.Contains(header.Namespace) && (header.Name is null || LateHeaders.Contains(header.Name));

    private static IEnumerable<MessageParts?> Sets(ProtectedParts parts) => [parts.All, parts.Request, .. parts.Operations.Values];

    private static IEnumerable<ProtectionLevel> LevelsOf(ContractDescription contract) =>
        contract.ContractBehaviors.OfType<MessageProtectionAttribute>()
            .Concat(contract.Operations.SelectMany(operation => operation.OperationBehaviors.OfType<MessageProtectionAttribute>()))
            .Select(attribute => attribute.ProtectionLevel);

    private static InvalidOperationException Refuse(ServiceEndpoint endpoint, string why) => new(
        $"The policy for the endpoint '{endpoint.Name}' {why}; use {nameof(WsSecurityBindingElement)} instead of {nameof(MessageSecurityInspectorBehavior)}: " +
        $"binding.{nameof(MessageSecurityExtensions.WithMessageSecurity)}(policy).");
}
