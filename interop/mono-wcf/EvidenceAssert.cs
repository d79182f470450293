namespace WsSecurity.Interop.MonoWcf;

/// <summary>Holds what our side says was proven against what a binding protects.</summary>
internal static class EvidenceAssert
{
    public static void Covers(ProtectionEvidence evidence, string profile)
    {
        using (Assert.EnterMultipleScope())
        {
            var signed = evidence.Signatures.SelectMany(signature => signature.Parts).Select(part => part.Path).ToList();
            Assert.That(signed, Has.Member("/Envelope/Body").And.Some.EndsWith("}Action"));
            Assert.That(evidence.EncryptedParts.Select(part => part.Path), Has.Member("/Envelope/Body"));
            Assert.That(evidence.Created, Is.Not.Null);
            Assert.That(
                evidence.Signatures.Select(signature => signature.WasEncrypted),
                profile.Contains("SignBeforeEncrypt", StringComparison.Ordinal) ? Is.All.False : Is.All.True);
        }
    }
}
