using System.Runtime.Serialization;
using System.ServiceModel;

namespace WsSecurity.Cli.Demo;

/// <summary>The contract that client and service share, as any WCF contract.</summary>
[ServiceContract(Namespace = Namespace)]
public interface IOrders
{
    /// <summary>The contract's namespace.</summary>
    const string Namespace = "urn:example:orders";

    /// <summary>Places an order.</summary>
    /// <param name="order">The order.</param>
    [OperationContract]
    Confirmation Place(Order order);
}

/// <summary>What is ordered.</summary>
[DataContract(Namespace = IOrders.Namespace)]
public sealed class Order
{
    /// <summary>The article.</summary>
    [DataMember(Order = 1)]
    public string Article { get; set; } = "";

    /// <summary>How many.</summary>
    [DataMember(Order = 2)]
    public int Quantity { get; set; }

    /// <summary>What nobody on the way may read.</summary>
    [DataMember(Order = 3)]
    public string CardNumber { get; set; } = "";
}

/// <summary>What the service answers.</summary>
[DataContract(Namespace = IOrders.Namespace)]
public sealed class Confirmation
{
    /// <summary>The order's number.</summary>
    [DataMember(Order = 1)]
    public string Number { get; set; } = "";

    /// <summary>Who ordered, by what the message proved.</summary>
    [DataMember(Order = 2)]
    public string OrderedBy { get; set; } = "";
}
