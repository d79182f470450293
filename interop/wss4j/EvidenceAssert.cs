namespace WsSecurity.Interop.Wss4j;

/// <summary>Holds what our side says was proven against what a profile protects.</summary>
internal static class EvidenceAssert
{
    public static void Covers(ProtectionEvidence evidence, string profile)
    {
        var words = Profiles.All[profile];
        var signed = evidence.Signatures.SelectMany(signature => signature.Parts).Select(part => part.Path);
        var encrypted = evidence.EncryptedParts.Select(part => part.Path);
        using (Assert.EnterMultipleScope())
        {
            var isByElement = words.Contains("elements");
            Assert.That(signed, !words.Contains("sign") ? Is.Empty : isByElement ? Has.Some.EndsWith("}Amount").And.Some.EndsWith("}Account") : Has.Member("/Envelope/Body"));
            Assert.That(encrypted, !words.Contains("encrypt") ? Is.Empty : isByElement ? Has.Some.EndsWith("}Amount").And.Some.EndsWith("}Text") : Has.Member("/Envelope/Body"));
            if (words.Contains("encrypt-account"))
            {
                Assert.That(encrypted, Has.Member($"/Envelope/Header/{{{Messages.Service}}}Account"));
            }

            if (words.Contains("encrypt-signature"))
            {
                Assert.That(evidence.Signatures, Has.Some.Property(nameof(SignatureEvidence.WasEncrypted)).True);
            }

            if (profile.StartsWith("password-", StringComparison.Ordinal) && evidence.Tokens.Count > 0)
            {
                Assert.That(evidence.Tokens[0].Name, Is.EqualTo("alice"));
            }

            Assert.That(evidence.Created, words.Contains("timestamp") ? Is.Not.Null : Is.Null);
        }
    }
}
