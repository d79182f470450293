using System.ServiceModel;

namespace WsSecurity.ServiceModel.Tests.Hosting;

[ServiceContract(Namespace = Envelopes.Service, Name = "IEcho")]
public interface IEcho
{
    [OperationContract]
    string Echo(string text);

    [OperationContract]
    Task<string> EchoAsync(string text);

    [OperationContract(IsOneWay = true)]
    void Notify(string text);

    [OperationContract(IsOneWay = true)]
    Task NotifyAsync(string text);

    [OperationContract]
    [FaultContract(typeof(string))]
    string Fail(string text);
}

[ServiceContract(Namespace = Envelopes.Service, Name = "IEcho", CallbackContract = typeof(IEchoCallback))]
public interface IEchoWithCallback : IEcho
{
    [OperationContract]
    string Subscribe(string topic);
}

public interface IEchoCallback
{
    [OperationContract(IsOneWay = true)]
    void OnNews(string text);

    [OperationContract]
    string OnQuestion(string text);
}
