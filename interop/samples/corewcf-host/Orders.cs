using CoreWCF;

namespace Samples.CoreWcfHost;

/// <summary>Places orders.</summary>
[ServiceContract(Namespace = "urn:samples:orders")]
public interface IOrders
{
    /// <summary>Places an order.</summary>
    /// <param name="article">The article.</param>
    [OperationContract]
    string Place(string article);
}

/// <summary>Says what it got, and from whom: the certificate that signed the message.</summary>
public sealed class Orders : IOrders
{
    /// <inheritdoc/>
    public string Place(string article) => $"{article} for {ServiceSecurityContext.Current.PrimaryIdentity.Name}";
}
