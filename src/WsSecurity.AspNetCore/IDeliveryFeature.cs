using WsSecurity.Messaging;

namespace WsSecurity.AspNetCore;

/// <summary>
/// The delivery that an endpoint runs for: <c>HttpContext.Features.Get&lt;IDeliveryFeature&gt;()</c>. Absent for requests over HTTP.
/// </summary>
public interface IDeliveryFeature
{
    /// <summary>The delivery. Its <see cref="Delivery.Key"/> belongs into the transaction of the operation's effects: see <see cref="DeliveryLedger"/>.</summary>
    Delivery Delivery { get; }
}
