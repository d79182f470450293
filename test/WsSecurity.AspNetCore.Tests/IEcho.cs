using System.ServiceModel;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>The contract of the service under test.</summary>
[ServiceContract(Namespace = Namespace, Name = "IEcho")]
public interface IEcho
{
    const string Namespace = "urn:test:echo";

    [OperationContract]
    string Echo(string text);

    [OperationContract]
    string WhoAmI();

    [OperationContract]
    string Identities();

    [OperationContract]
    string Fail(string text);

    [OperationContract(IsOneWay = true)]
    void Notify(string text);
}
