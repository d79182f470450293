using CoreWCF;

namespace WsSecurity.CoreWcf.Tests.Hosting;

/// <summary>Calls back within and after the operation.</summary>
[ServiceBehavior(InstanceContextMode = InstanceContextMode.Single, ConcurrencyMode = ConcurrencyMode.Multiple)]
internal sealed class CallbackEchoService : EchoService, ICallbackEchoService
{
    public async Task<string> SubscribeAsync(string topic)
    {
        Note(topic);
        var client = OperationContext.Current.GetCallbackChannel<IEchoClient>();
        await client.OnNewsAsync("news of " + topic);
        return await client.OnQuestionAsync("question about " + topic);
    }
}
