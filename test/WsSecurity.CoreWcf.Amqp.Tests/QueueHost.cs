using CoreWCF.Channels;
using CoreWCF.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WsSecurity.AspNetCore.Tests;

namespace WsSecurity.CoreWcf.Amqp.Tests;

/// <summary>A CoreWCF service whose only endpoint is a queue.</summary>
internal sealed class QueueHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private QueueHost(WebApplication application) => _application = application;

    public static async Task<QueueHost> StartAsync<TContract>(Uri queue, Orders orders, SecurityPolicy policy, bool addressing = false, BindingElement? above = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddServiceModelServices().AddServiceModelSecurity().AddAmqpQueues();
        builder.Services.AddSingleton(orders);
        var application = builder.Build();
        var version = addressing ? MessageVersion.Soap12WSAddressing10 : MessageVersion.Soap11;
        var binding = new CustomBinding(
            new TextMessageEncodingBindingElement(version, System.Text.Encoding.UTF8),
            new AmqpTransportBindingElement { Credentials = QueueTests.Guest, RetryDelay = TimeSpan.FromMilliseconds(50), ReplyQueues = ["replies."] });
        var secured = new CustomBinding(binding.WithMessageSecurity(policy, TestKeys.ServiceCredentials));
        if (above is not null)
        {
            secured.Elements.Insert(0, above);
        }

        application.UseServiceModel(services => services.AddService<Orders>().AddServiceEndpoint<Orders, TContract>(secured, queue));
        await application.StartAsync();
        return new QueueHost(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
