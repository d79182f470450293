using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace WsSecurity.Tests;

/// <summary>A refusal with its precise reason.</summary>
internal static class Refused
{
    public static IResolveConstraint With(SecurityFailure failure) =>
        Throws.InstanceOf<WsSecurityException>().With.Property(nameof(WsSecurityException.Failure)).EqualTo(failure);
}
