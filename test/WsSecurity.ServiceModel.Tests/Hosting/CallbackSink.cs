using System.Collections.Concurrent;
using System.ServiceModel;

namespace WsSecurity.ServiceModel.Tests.Hosting;

/// <summary>The client's end of the callback contract.</summary>
[CallbackBehavior(ConcurrencyMode = ConcurrencyMode.Multiple, UseSynchronizationContext = false)]
internal sealed class CallbackSink : IEchoCallback
{
    public BlockingCollection<string> News { get; } = [];

    public ConcurrentQueue<ProtectionEvidence?> Evidence { get; } = new();

    public void OnNews(string text)
    {
        Evidence.Enqueue(OperationContext.Current.IncomingMessageProperties.GetProtectionEvidence());
        News.Add(text);
    }

    public string OnQuestion(string text)
    {
        Evidence.Enqueue(OperationContext.Current.IncomingMessageProperties.GetProtectionEvidence());
        return "answer to " + text;
    }
}
