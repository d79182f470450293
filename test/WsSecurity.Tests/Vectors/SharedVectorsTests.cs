using NUnit.Framework;

namespace WsSecurity.Tests.Vectors;

public sealed class SharedVectorsTests
{
    [Test]
    public void ForeignVectors_BesideTheRepository_AreThere()
    {
        if (SharedVectors.Root is null)
        {
            Assert.Ignore("There are no foreign test vectors beside the repository (../shared/vectors); the tests that need them are left out.");
        }
    }
}
