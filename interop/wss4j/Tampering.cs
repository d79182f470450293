namespace WsSecurity.Interop.Wss4j;

/// <summary>The attacks that the peer can mount on its own messages, and the profiles whose protection must notice them.</summary>
internal static class Tampering
{
    private static readonly string[] OfSignature =
        ["body", "signature-value", "digest-value", "timestamp", "no-timestamp", "no-signature", "no-security", "wrap"];

    private static readonly string[] OfEncryption = ["ciphertext", "encrypted-key"];

    public static IEnumerable<TestCaseData> OfRequests => Profiles.Where([.. OfBoth, ("sign-addressing", "address")]);

    public static IEnumerable<TestCaseData> OfReplies => Profiles.Where(OfBoth);

    private static (string Profile, string Kind)[] OfBoth =>
    [
        .. OfSignature.Select(kind => ("sign", kind)),
        .. OfSignature.Concat(OfEncryption).Select(kind => ("sign-encrypt", kind)),
        .. OfSignature.Concat(OfEncryption).Select(kind => ("encrypt-sign", kind)),
        .. OfEncryption.Select(kind => ("encrypt", kind)),
        ("symmetric", "body"), ("symmetric", "ciphertext"), ("symmetric", "wrap"),
        ("password-key", "body"), ("password-key", "signature-value"), ("password-key", "wrap"), ("password-derived", "ciphertext"), ("password-derived", "wrap"),
    ];

    /// <summary>The reasons for which an attack may be refused: what notices it depends on the order of protection.</summary>
    public static SecurityFailure[] Failures(string kind) => kind switch
    {
        "body" or "address" or "timestamp" => [SecurityFailure.DigestMismatch],
        "signature-value" or "digest-value" => [SecurityFailure.SignatureInvalid],
        "no-timestamp" => [SecurityFailure.TimestampMissing, SecurityFailure.UnresolvedReference],
        "no-signature" => [SecurityFailure.SignatureMissing],
        "no-security" => [SecurityFailure.SecurityHeaderMissing, SecurityFailure.UnsecuredReply],
        "wrap" => [SecurityFailure.SignedElementNotInPlace],
        "ciphertext" => [SecurityFailure.DecryptionFailed, SecurityFailure.DigestMismatch],
        "encrypted-key" => [SecurityFailure.DecryptionFailed],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such attack."),
    };
}
