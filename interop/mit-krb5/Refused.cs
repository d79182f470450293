using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace WsSecurity.Interop.MitKrb5;

/// <summary>That a call refuses, for this reason.</summary>
internal static class Refused
{
    public static Constraint With(SecurityFailure reason) =>
        Throws.InstanceOf<WsSecurityException>().With.Property(nameof(WsSecurityException.Failure)).EqualTo(reason);
}
