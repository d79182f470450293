using CoreWCF;
using CoreWCF.Channels;
using CoreWCF.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace WsSecurity.CoreWcf.Amqp.Channels;

/// <summary>What CoreWCF takes for the channel that an endpoint's messages come by.</summary>
internal sealed class QueueReplyChannel(IServiceProvider services, Uri address) : CommunicationObject, IReplyChannel
{
    public EndpointAddress LocalAddress { get; } = new(address);

    public IServiceChannelDispatcher? ChannelDispatcher { get; set; }

    protected override TimeSpan DefaultCloseTimeout => TimeSpan.FromMinutes(1);

    protected override TimeSpan DefaultOpenTimeout => TimeSpan.FromMinutes(1);

    public T GetProperty<T>()
        where T : class
    {
        try
        {
            return services.GetService<T>()!;
        }
        catch (ObjectDisposedException)
        {
            // The host went while an operation was at work. CoreWCF asks for a FaultConverter when that fails, and what is thrown here would have it
            // close the message as one that is done.
            return null!;
        }
    }

    protected override void OnAbort()
    {
    }

    protected override Task OnCloseAsync(CancellationToken token) => Task.CompletedTask;

    protected override Task OnOpenAsync(CancellationToken token) => Task.CompletedTask;
}
