using System.Collections.Concurrent;
using CoreWCF;

namespace WsSecurity.CoreWcf.Tests.Hosting;

/// <summary>The service of most tests; keeps what each operation saw of its caller.</summary>
[ServiceBehavior(InstanceContextMode = InstanceContextMode.Single, ConcurrencyMode = ConcurrencyMode.Multiple)]
internal class EchoService : IEchoService
{
    /// <summary>What operations saw.</summary>
    public ConcurrentQueue<Call> Calls { get; } = new();

    public string Echo(string text) => Note(text);

    public Task NotifyAsync(string text)
    {
        Note(text);
        return Task.CompletedTask;
    }

    public string Fail(string text)
    {
        Note(text);
        throw new FaultException<string>(text, new FaultReason("It failed."), new FaultCode("Client"), null);
    }

    protected string Note(string text)
    {
        var context = OperationContext.Current;
        Calls.Enqueue(new Call(
            text,
            context.IncomingMessageProperties.GetProtectionEvidence(),
            ServiceSecurityContext.Current?.PrimaryIdentity?.Name,
            context.ClaimsPrincipal?.Identity?.Name,
            context.ClaimsPrincipal?.Identity?.IsAuthenticated));
        return text;
    }

    internal sealed record Call(string Text, ProtectionEvidence? Evidence, string? Identity, string? Principal, bool? IsAuthenticated);
}
