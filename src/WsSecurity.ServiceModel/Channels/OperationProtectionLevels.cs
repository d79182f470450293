#if COREWCF
using CoreWCF.Channels;
using CoreWCF.Description;
#else
using System.ServiceModel.Channels;
using System.ServiceModel.Description;
#endif

namespace WsSecurity.ServiceModel.Channels;

/// <summary>The protection levels that a contract's attributes state, by the actions of its messages.</summary>
internal sealed class OperationProtectionLevels
{
    private readonly Dictionary<string, ProtectionLevel> _operations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProtectionLevel> _contract = new(StringComparer.Ordinal);

    /// <summary>The contract, where an attribute stated it.</summary>
    public ContractDescription? Contract { get; set; }

    /// <summary>The levels among a binding's parameters, put there if need be.</summary>
    /// <param name="parameters">What behaviors added for the binding.</param>
    public static OperationProtectionLevels FindOrAdd(BindingParameterCollection parameters)
    {
        if (parameters.Find<OperationProtectionLevels>() is { } existing)
        {
            return existing;
        }

        var levels = new OperationProtectionLevels();
        parameters.Add(levels);
        return levels;
    }

    /// <summary>States the level of an operation's message; comes before the contract's.</summary>
    public void SetOperation(string action, ProtectionLevel level) => _operations[action] = level;

    /// <summary>States the level of a contract's message.</summary>
    public void SetContract(string action, ProtectionLevel level) => _contract[action] = level;

    /// <summary>The level of a message.</summary>
    /// <param name="action">The message's action.</param>
    /// <returns>The level; null where the policy's holds.</returns>
    public ProtectionLevel? Find(string? action)
    {
        if (action is null)
        {
            return null;
        }

        if (_operations.TryGetValue(action, out var level) || _contract.TryGetValue(action, out level))
        {
            return level;
        }

        return null;
    }

    /// <summary>Refuses callbacks under a policy that has no keys for them, as far as the contract is known.</summary>
    /// <param name="policy">The policy.</param>
    public void Demand(SecurityPolicy policy)
    {
        if (Contract is not null)
        {
            CallbackContracts.Demand(Contract, policy);
        }
    }
}
