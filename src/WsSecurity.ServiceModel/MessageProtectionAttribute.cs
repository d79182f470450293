using WsSecurity.ServiceModel.Channels;
#if COREWCF
using CoreWCF.Channels;
using CoreWCF.Description;
using CoreWCF.Dispatcher;
#else
using System.ServiceModel.Channels;
using System.ServiceModel.Description;
using System.ServiceModel.Dispatcher;
#endif

#if COREWCF
namespace WsSecurity.CoreWcf;
#else
namespace WsSecurity.ServiceModel;
#endif

/// <summary>
/// States the protection level of a contract's or an operation's messages, as <c>ServiceContract(ProtectionLevel = …)</c> does in WCF. An operation's
/// comes before its contract's, and both before <see cref="SecurityPolicy.ProtectionLevel"/>. Both parties must state the same. On a contract it
/// also refuses an endpoint that has no message security.
/// </summary>
/// <param name="protectionLevel">The level.</param>
[AttributeUsage(AttributeTargets.Interface | AttributeTargets.Class | AttributeTargets.Method)]
public sealed class MessageProtectionAttribute(ProtectionLevel protectionLevel) : Attribute, IContractBehavior, IOperationBehavior
{
    /// <summary>The level of requests, replies and faults.</summary>
    public ProtectionLevel ProtectionLevel { get; } = protectionLevel;

    void IContractBehavior.AddBindingParameters(ContractDescription contractDescription, ServiceEndpoint endpoint, BindingParameterCollection bindingParameters)
    {
        var levels = OperationProtectionLevels.FindOrAdd(bindingParameters);
        levels.Contract = contractDescription;
        foreach (var operation in contractDescription.Operations)
        {
            Each(operation, levels.SetContract);
        }
    }

    void IOperationBehavior.AddBindingParameters(OperationDescription operationDescription, BindingParameterCollection bindingParameters)
    {
        var levels = OperationProtectionLevels.FindOrAdd(bindingParameters);
        levels.Contract = operationDescription.DeclaringContract;
        Each(operationDescription, levels.SetOperation);
    }

    void IContractBehavior.ApplyClientBehavior(ContractDescription contractDescription, ServiceEndpoint endpoint, ClientRuntime clientRuntime)
    {
    }

    void IContractBehavior.ApplyDispatchBehavior(ContractDescription contractDescription, ServiceEndpoint endpoint, DispatchRuntime dispatchRuntime)
    {
    }

    void IContractBehavior.Validate(ContractDescription contractDescription, ServiceEndpoint endpoint)
    {
        if (ProtectionLevel != ProtectionLevel.None)
        {
            SecuredEndpoint.Demand(endpoint, $"a contract with [{nameof(MessageProtectionAttribute)}]");
        }
    }

    void IOperationBehavior.ApplyClientBehavior(OperationDescription operationDescription, ClientOperation clientOperation)
    {
    }

    void IOperationBehavior.ApplyDispatchBehavior(OperationDescription operationDescription, DispatchOperation dispatchOperation)
    {
    }

    void IOperationBehavior.Validate(OperationDescription operationDescription)
    {
    }

    private void Each(OperationDescription operation, Action<string, ProtectionLevel> set)
    {
        foreach (var message in operation.Messages)
        {
            set(message.Action, ProtectionLevel);
        }

        foreach (var fault in operation.Faults)
        {
            set(fault.Action, ProtectionLevel);
        }
    }
}
