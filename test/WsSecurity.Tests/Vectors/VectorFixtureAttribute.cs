using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace WsSecurity.Tests.Vectors;

/// <summary>
/// A fixture of which every test needs <see cref="SharedVectors"/>. Without them it has no tests at all, rather than a skipped line for
/// each; one test says so.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class VectorFixtureAttribute : NUnitAttribute, IFixtureBuilder
{
    public IEnumerable<TestSuite> BuildFrom(ITypeInfo typeInfo) =>
        SharedVectors.Root is null ? [] : new TestFixtureAttribute().BuildFrom(typeInfo);
}
