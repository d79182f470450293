using NUnit.Framework;
using WsSecurity.Interop.MitKrb5.Realm;

namespace WsSecurity.Interop.MitKrb5;

/// <summary>The realms of all tests: created once, and gone with them.</summary>
[SetUpFixture]
internal sealed class SharedRealm
{
    private static TemporaryRealm? _realm;

    public static TemporaryRealm Instance => _realm ?? throw new InvalidOperationException("There is no realm.");

    [OneTimeSetUp]
    public static void Start()
    {
        if (KerberosPeer.Missing is { } missing)
        {
            Assert.That(KerberosPeer.IsRequired, Is.False, missing);
            return;
        }

        _realm = TemporaryRealm.Start();
        _realm.UseInThisProcess();
    }

    [OneTimeTearDown]
    public static void Stop() => _realm?.Dispose();
}
