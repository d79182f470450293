using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace WsSecurity.Interop.MitKrb5.Realm;

/// <summary>
/// A fixture of which every test needs the realm. Where MIT Kerberos is neither installed nor required it has no tests at all, rather than a skipped
/// line for each; one test says so.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class KerberosFixtureAttribute : NUnitAttribute, IFixtureBuilder
{
    public IEnumerable<TestSuite> BuildFrom(ITypeInfo typeInfo) => KerberosPeer.TakesPart ? new TestFixtureAttribute().BuildFrom(typeInfo) : [];
}
