using System.Xml;
using System.Xml.Linq;
using CoreWCF.Description;

namespace WsSecurity.CoreWcf;

/// <summary>States a policy in the WSDL of a service: the binding's assertions at the endpoint, the parts at each message (WS-SecurityPolicy 1.3, appendix A).</summary>
internal static class PolicyExport
{
    public static void Export(SecurityPolicy policy, MetadataExporter exporter, PolicyConversionContext context)
    {
        var version = exporter.PolicyVersion == PolicyVersion.Policy12 ? WsPolicyVersion.WsPolicy12 : WsPolicyVersion.WsPolicy15;
        try
        {
            Add(context.GetBindingAssertions(), policy.ToEndpointWsPolicy(version));
            foreach (var operation in context.Contract.Operations)
            {
                foreach (var message in operation.Messages)
                {
                    Add(context.GetMessageBindingAssertions(message), policy.ToMessageWsPolicy(message.Direction == MessageDirection.Output, message.Action, version));
                }

                foreach (var fault in operation.Faults)
                {
                    Add(context.GetFaultBindingAssertions(fault), policy.ToMessageWsPolicy(isReply: true, fault.Action, version));
                }
            }
        }
        catch (NotSupportedException unsayable)
        {
            // The WSDL stays reachable; it says less than the service demands, and the service demands it all the same.
            exporter.Errors.Add(new MetadataConversionError(unsayable.Message, isWarning: true));
        }
    }

    // Normal form: Policy/ExactlyOne/All/assertions. An endpoint has one alternative.
    private static void Add(PolicyAssertionCollection assertions, XElement policy)
    {
        var document = new XmlDocument();
        foreach (var assertion in policy.Elements().SelectMany(exactlyOne => exactlyOne.Elements()).SelectMany(all => all.Elements()))
        {
            using var reader = assertion.CreateReader();
            assertions.Add((XmlElement)document.ReadNode(reader)!);
        }
    }
}
