using System.ServiceModel;

namespace Samples.CoreWcfClient;

/// <summary>Places orders, as the service states it.</summary>
[ServiceContract(Namespace = "urn:samples:orders")]
public interface IOrders
{
    /// <summary>Places an order.</summary>
    /// <param name="article">The article.</param>
    [OperationContract]
    string Place(string article);
}
