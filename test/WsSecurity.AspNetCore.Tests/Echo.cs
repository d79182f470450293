using System.ServiceModel;
using Microsoft.AspNetCore.Http;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>The service under test; it counts what reaches it.</summary>
internal sealed class Echo(IHttpContextAccessor accessor) : IEcho
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    string IEcho.Echo(string text)
    {
        Interlocked.Increment(ref _calls);
        return text;
    }

    public string WhoAmI()
    {
        Interlocked.Increment(ref _calls);
        var context = accessor.HttpContext!;
        var evidence = context.Features.Get<IWsSecurityFeature>()!.Evidence;
        return $"{context.User.Identity!.Name}, {context.User.Identity.AuthenticationType}, {evidence.Signatures.Count} signature";
    }

    public string Identities()
    {
        Interlocked.Increment(ref _calls);
        return string.Join("; ", accessor.HttpContext!.User.Identities.Select(
            identity => $"{identity.Name}: {string.Join(", ", identity.Claims.Select(claim => $"{claim.Type}={claim.Value}"))}"));
    }

    public string Fail(string text)
    {
        Interlocked.Increment(ref _calls);
        throw new FaultException(text);
    }

    public void Notify(string text) => Interlocked.Increment(ref _calls);
}
