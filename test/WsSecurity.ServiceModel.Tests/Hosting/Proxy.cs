using System.ServiceModel;
using System.ServiceModel.Channels;

namespace WsSecurity.ServiceModel.Tests.Hosting;

/// <summary>A typed proxy and its factory, closed or aborted together.</summary>
internal sealed class Proxy<TContract> : IDisposable
    where TContract : class
{
    public Proxy(Binding binding, EndpointAddress address, Action<ChannelFactory<TContract>>? configure = null, object? callback = null)
    {
        Factory = callback is null ? new ChannelFactory<TContract>(binding, address) : new DuplexChannelFactory<TContract>(new InstanceContext(callback), binding, address);
        Factory.Credentials.ClientCertificate.Certificate = TestCertificates.Client;
        Factory.Credentials.ServiceCertificate.DefaultCertificate = TestCertificates.Public(TestCertificates.Service);
        configure?.Invoke(Factory);
        Channel = Factory.CreateChannel();
    }

    public ChannelFactory<TContract> Factory { get; }

    public TContract Channel { get; }

    public IClientChannel ClientChannel => (IClientChannel)Channel;

    public void Dispose()
    {
        foreach (var communication in new ICommunicationObject[] { ClientChannel, Factory })
        {
            try
            {
                communication.Close(TimeSpan.FromSeconds(2));
            }
            catch (Exception error) when (error is CommunicationException or TimeoutException)
            {
                communication.Abort();
            }
        }
    }
}

internal static class Proxy
{
    public static Proxy<IEcho> For(Binding binding, Uri address, Action<ChannelFactory<IEcho>>? configure = null) => new(binding, new EndpointAddress(address), configure);

    /// <summary>A binding that is patient enough for a busy machine.</summary>
    public static TBinding Patient<TBinding>(TBinding binding)
        where TBinding : Binding
    {
        binding.SendTimeout = TimeSpan.FromSeconds(60);
        binding.OpenTimeout = TimeSpan.FromSeconds(60);
        binding.CloseTimeout = TimeSpan.FromSeconds(5);
        return binding;
    }
}
