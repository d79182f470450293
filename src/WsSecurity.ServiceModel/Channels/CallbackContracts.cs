#if COREWCF
using CoreWCF.Description;
#else
using System.ServiceModel.Description;
#endif

namespace WsSecurity.ServiceModel.Channels;

/// <summary>Which policies have keys for what the service opens on a duplex channel.</summary>
internal static class CallbackContracts
{
    /// <summary>Refuses a contract with callbacks under a policy whose keys end with each exchange.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="policy">The policy.</param>
    public static void Demand(ContractDescription contract, SecurityPolicy policy)
    {
        if (contract.CallbackContractType is not null && !CanProtect(policy))
        {
            throw new InvalidOperationException(
                $"The contract '{contract.Name}' has callbacks, and {policy.AuthenticationMode} has no keys for messages that the service opens; " +
                $"use {nameof(SecurityPolicy)}.{nameof(SecurityPolicy.MutualCertificateDuplex)}.");
        }
    }

    private static bool CanProtect(SecurityPolicy policy) => policy.AuthenticationMode switch
    {
        AuthenticationMode.MutualCertificateDuplex or AuthenticationMode.CertificateSignature => true,
        AuthenticationMode.MutualCertificate => policy.MessageSecurityVersion == MessageSecurityVersion.Wss10,
        _ => false,
    };
}
