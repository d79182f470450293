using System.Collections.Concurrent;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Description;
using System.ServiceModel.Security;
using WsSecurity.ServiceModel.Credentials;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>What one channel factory knows: policy, credentials and the binding below. It gives each service its roles.</summary>
internal sealed class ClientSecurity
{
    private readonly ConcurrentDictionary<EndpointAddress, ServiceSecurity> _services = new();
    private readonly SecurityPolicy _policy;
    private readonly TransitSecurity? _transitSecurity;
    private readonly SecurityServices _surroundings;
    private readonly Func<EndpointAddress, ServiceCredentials> _credentialsFor;
    private readonly OperationProtectionLevels _levels;
    private readonly TransportProtection _transport;

    private ClientSecurity(
        SecurityPolicy policy,
        TransitSecurity? transitSecurity,
        SecurityServices surroundings,
        Func<EndpointAddress, ServiceCredentials> credentialsFor,
        OperationProtectionLevels levels,
        TransportProtection transport)
    {
        _policy = policy;
        _transitSecurity = transitSecurity;
        _surroundings = surroundings;
        _credentialsFor = credentialsFor;
        _levels = levels;
        _transport = transport;
    }

    /// <summary>Reads the settings of a binding element or a behavior, and the parameters beside them.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="surroundings">Clock and log.</param>
    /// <param name="credentials">Our own credentials; null where there are none.</param>
    /// <param name="parameters">What behaviors added for the binding.</param>
    /// <param name="capabilities">What the transport protects; null where it says nothing.</param>
    /// <param name="transit">What is done for a node on the way; null where there is none.</param>
    /// <exception cref="InvalidOperationException">The credentials are of a kind that we cannot read, or the policy has no keys for the contract's callbacks.</exception>
    public static ClientSecurity Create(
        SecurityPolicy policy,
        SecurityServices surroundings,
        SecurityCredentials? credentials,
        BindingParameterCollection parameters,
        ISecurityCapabilities? capabilities,
        TransitSecurity? transit = null)
    {
        var levels = parameters.Find<OperationProtectionLevels>() ?? new OperationProtectionLevels();
        levels.Demand(policy);
        return new ClientSecurity(policy, transit, surroundings, FindCredentials(credentials, parameters, policy.AuthenticationMode), levels, TransportProtection.Of(capabilities));
    }

    /// <summary>The roles for one service, made once.</summary>
    /// <param name="service">The service's address.</param>
    /// <exception cref="InvalidOperationException">The policy is not supported, or the credentials lack what it needs.</exception>
    /// <exception cref="MessageSecurityException">The service's certificate is not the one of its identity, or is not admitted.</exception>
    public ServiceSecurity For(EndpointAddress service) => _services.GetOrAdd(service, Create);

    private static Func<EndpointAddress, ServiceCredentials> FindCredentials(
        SecurityCredentials? credentials, BindingParameterCollection parameters, AuthenticationMode mode)
    {
        if ((parameters.Find<SecurityCredentials>() ?? credentials) is { } own)
        {
            return service => ServiceCredentials.From(own, service, mode);
        }

        return parameters.Find<SecurityCredentialsManager>() switch
        {
            null => service => ServiceCredentials.From(new ClientCredentials(), service, mode),
            ClientCredentials client => service => ServiceCredentials.From(client, service, mode),
            var other => throw new InvalidOperationException(
                $"Credentials of the type {other.GetType().Name} hold nothing that can be read here; use {nameof(ClientCredentials)}, or give {nameof(SecurityCredentials)} with the policy."),
        };
    }

    private ServiceSecurity Create(EndpointAddress service)
    {
        try
        {
            var credentials = _credentialsFor(service);
            foreach (var certificate in credentials.Credentials.PeerCertificates.Take(1))
            {
                // It is what we encrypt for, so it is checked before anything is sent.
                credentials.Demand(certificate);
            }

            var initiator = new Initiator(_policy, credentials.Credentials, _surroundings);
            var transit = _transitSecurity is null ? null : new TransitRoles(_transitSecurity, credentials.Credentials, _surroundings);
            return new ServiceSecurity(initiator, transit, credentials, _levels, _transport, _surroundings);
        }
        catch (WsSecurityException refusal)
        {
            throw SecurityErrors.For(refusal);
        }
        catch (ArgumentException error)
        {
            throw new InvalidOperationException(
                $"The policy cannot be used for {service.Uri}: {error.Message} Credentials are set in ChannelFactory.Credentials, or given as {nameof(SecurityCredentials)}.", error);
        }
    }
}
