using System.ServiceModel;

namespace Samples.Amqp;

/// <summary>What the service can do, as the client sees it.</summary>
[ServiceContract(Namespace = "urn:orders")]
internal interface IOrders
{
    [OperationContract]
    string Place(string article);
}
