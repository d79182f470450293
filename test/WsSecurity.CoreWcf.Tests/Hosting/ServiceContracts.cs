using CoreWCF;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.CoreWcf.Tests.Hosting;

/// <summary>The contracts of the clients, as the service states them.</summary>
[ServiceContract(Namespace = Envelopes.Service, Name = "IEcho")]
public interface IEchoService
{
    [OperationContract]
    string Echo(string text);

    [OperationContract(IsOneWay = true)]
    Task NotifyAsync(string text);

    [OperationContract]
    [FaultContract(typeof(string))]
    string Fail(string text);
}

[ServiceContract(Namespace = Envelopes.Service, Name = "IEcho", CallbackContract = typeof(IEchoClient))]
public interface ICallbackEchoService : IEchoService
{
    [OperationContract]
    Task<string> SubscribeAsync(string topic);
}

public interface IEchoClient
{
    [OperationContract(IsOneWay = true)]
    Task OnNewsAsync(string text);

    [OperationContract]
    Task<string> OnQuestionAsync(string text);
}
