namespace WsSecurity.Algorithms;

/// <summary>
/// The children of an OAEP EncryptionMethod (XML Encryption 1.1 section 5.5.2): DigestMethod, MGF and OAEPparams. A message that leaves
/// one out means the default.
/// </summary>
internal sealed class OaepParameters
{
    public static readonly OaepParameters Default = new();

    public DigestAlgorithm Digest { get; init; } = DigestAlgorithm.Sha1;

    public MaskGenerationFunction MaskGeneration { get; init; } = MaskGenerationFunction.Sha1;

    /// <summary>The decoded OAEPparams, RFC 8017's label L; hardly anybody writes one.</summary>
    public ReadOnlyMemory<byte> Label { get; init; }

    public override string ToString() =>
        $"digest {Digest.Name}, {MaskGeneration}{(Label.IsEmpty ? "" : ", with OAEPparams")}";
}
