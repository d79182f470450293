using NUnit.Framework;

namespace WsSecurity.Tests.Policy;

public sealed class PartsByOperationTests
{
    private const string SignedAction = "<a:Action>urn:strong</a:Action>";

    private static readonly SecurityPolicy ByOperation = SecurityPolicy.MutualCertificateDuplex with
    {
        EncryptedParts = new ProtectedParts
        {
            All = new MessageParts { Body = true },
            Operations = new Dictionary<string, MessageParts> { ["urn:public"] = MessageParts.None },
        },
        MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt,
    };

    [TestCase("urn:public", 0)]
    [TestCase("urn:strong", 1)]
    public void Verify_SignedAction_AppliesThePartsOfTheOperation(string action, int encryptedParts)
    {
        var parties = TestParties.Of(ByOperation);
        using var request = parties.Verify(parties.Protect(headers: $"<a:Action>{action}</a:Action>"));
        Assert.That(request.Message.Evidence.EncryptedParts, Has.Count.EqualTo(encryptedParts));
    }

    [Test]
    public void Verify_ActionOfTheCarrierAlone_FailsWithActionMismatch()
    {
        var parties = TestParties.Of(ByOperation);
        parties.Context = new MessageContext { Action = "urn:public" };
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.ActionMismatch));
    }

    [Test]
    public void Verify_UnsignedAction_FailsWithActionMismatch()
    {
        var parties = TestParties.Of(ByOperation with { SignedParts = new MessageParts { Body = true } });
        Assert.That(() => parties.Verify(parties.Protect(headers: "<a:Action>urn:public</a:Action>")), Refused.With(SecurityFailure.ActionMismatch));
    }

    [Test]
    public void Verify_CarrierNamesAnotherOperation_FailsWithActionMismatch()
    {
        var parties = TestParties.Of(ByOperation);
        var wire = parties.Protect(headers: SignedAction);
        parties.Context = new MessageContext { Action = "\"urn:public\"" };
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.ActionMismatch));
    }
}
