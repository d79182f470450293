using System.ServiceModel;

namespace Samples.Evidence;

[ServiceContract(Namespace = "urn:orders")]
public interface IOrders
{
    [OperationContract]
    string Place(string article);
}

internal sealed class Orders : IOrders
{
    public string Place(string article) => $"{article} ordered";
}
