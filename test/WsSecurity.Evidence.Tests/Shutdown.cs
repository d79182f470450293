using NUnit.Framework;

namespace WsSecurity.Evidence.Tests;

/// <summary>Ends what all tests share.</summary>
[SetUpFixture]
internal sealed class Shutdown
{
    [OneTimeTearDown]
    public static void Stop() => PostgreSqlServer.StopShared();
}
