using NUnit.Framework.Constraints;

namespace WsSecurity.Interop.Wss4j;

/// <summary>That a call refuses a message, for one of these reasons.</summary>
internal static class Refused
{
    public static Constraint With(params SecurityFailure[] reasons) =>
        Throws.InstanceOf<WsSecurityException>().With.Property(nameof(WsSecurityException.Failure)).AnyOf(reasons);
}
