using Microsoft.AspNetCore.Http;

namespace WsSecurity.Cli.Demo;

/// <summary>The service. It knows nothing of WS-Security: the caller is the one of ASP.NET Core.</summary>
internal sealed class Orders(IHttpContextAccessor accessor) : IOrders
{
    private int _count;

    /// <summary>How many orders were placed.</summary>
    public int Count => Volatile.Read(ref _count);

    public Confirmation Place(Order order) => new()
    {
        Number = $"2026-{Interlocked.Increment(ref _count):0000}",
        OrderedBy = accessor.HttpContext?.User.Identity?.Name ?? "nobody",
    };
}
