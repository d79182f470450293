using System.Buffers;
using WsSecurity.Algorithms;
using WsSecurity.Specifications;
using WsSecurity.Tokens;
using WsSecurity.Xml;

namespace WsSecurity.Encryption;

/// <summary>One ciphertext of a document and what it is replaced by.</summary>
internal sealed record PendingDecryption(ParsedEncryptedData Data, ContentEncryptionAlgorithm Algorithm, SymmetricKey Key)
{
    /// <summary>
    /// What gives way to the plaintext: the EncryptedData, or the EncryptedHeader (SOAP Message Security 1.1.1, section 9.3) or EncryptedAssertion (SAML 2.0
    /// Core, section 2.3.4) around it.
    /// </summary>
    public XmlElement Replaced { get; } =
        Data.Element.Parent is { IsNone: false } parent && (parent.Is("EncryptedHeader"u8, Wsse.Namespace11) || parent.Is("EncryptedAssertion"u8, Saml20.Namespace)) ? parent : Data.Element;

    public int Start => Replaced.Start;

    public int End => Replaced.End;
}

/// <summary>
/// What was replaced, in offsets of the old document: the first octet, the octet after the last, the one element that stands there now
/// (-1 for content), and by how much the document grew. Follow several from the last to the first.
/// </summary>
internal readonly record struct Replacement(int Start, int End, int ElementStart, int Delta);

/// <summary>
/// Decrypts into a new document: plaintext is written where the ciphertext stood, the rest is copied, and the whole is scanned
/// again. Whatever goes wrong from the first key on is one and the same failure.
/// </summary>
internal static class Decryption
{
    /// <param name="source">The document.</param>
    /// <param name="parts">The ciphertexts, in document order, none inside of another.</param>
    /// <param name="limits">Bounds on the new document.</param>
    /// <param name="replacements">What was replaced, in document order.</param>
    /// <returns>The new document.</returns>
    /// <exception cref="WsSecurityException">It cannot be decrypted, or what it held is not well-formed.</exception>
    public static XmlIndex Apply(ReadOnlyMemory<byte> source, IReadOnlyList<PendingDecryption> parts, ProcessingLimits limits, out List<Replacement> replacements)
    {
        var capacity = source.Length;
        foreach (var part in parts)
        {
            capacity += part.Algorithm.GetMaxPlaintextLength(part.Data.CipherValue.MaxBase64Length) - (part.End - part.Start);
        }

        var document = GC.AllocateUninitializedArray<byte>(Math.Max(capacity, 0));
        replacements = [];
        var length = 0;
        var position = 0;
        foreach (var part in parts)
        {
            source.Span[position..part.Start].CopyTo(document.AsSpan(length));
            length += part.Start - position;
            var written = Decrypt(part, document.AsSpan(length));
            replacements.Add(Check(part, document.AsSpan(length, written)));
            length += written;
            position = part.End;
        }

        source.Span[position..].CopyTo(document.AsSpan(length));
        length += source.Length - position;
        try
        {
            return XmlIndex.Scan(document.AsMemory(0, length), limits);
        }
        catch (WsSecurityException exception)
        {
            throw Failed(exception);
        }
    }

    /// <summary>Decrypts an element by itself, which declares all of its namespaces.</summary>
    /// <param name="part">The ciphertext.</param>
    /// <param name="limits">Bounds on what it holds.</param>
    /// <returns>The element as a document.</returns>
    /// <exception cref="WsSecurityException">It cannot be decrypted, or what it held is not well-formed.</exception>
    public static XmlIndex Decrypt(PendingDecryption part, ProcessingLimits limits)
    {
        var plaintext = new byte[part.Algorithm.GetMaxPlaintextLength(part.Data.CipherValue.MaxBase64Length)];
        var length = Decrypt(part, plaintext);
        Check(part, plaintext.AsSpan(0, length));
        try
        {
            return XmlIndex.Scan(plaintext.AsMemory(0, length), limits);
        }
        catch (WsSecurityException exception)
        {
            throw Failed(exception);
        }
    }

    private static int Decrypt(PendingDecryption part, Span<byte> destination)
    {
        var ciphertext = ArrayPool<byte>.Shared.Rent(part.Data.CipherValue.MaxBase64Length);
        try
        {
            if (!part.Data.CipherValue.TryDecodeBase64(ciphertext, out var length))
            {
                throw Failed(null);
            }

            return part.Algorithm.Decrypt(part.Key.SecretFor(part.Algorithm), ciphertext.AsSpan(0, length), destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(ciphertext);
        }
    }

    private static Replacement Check(PendingDecryption part, ReadOnlySpan<byte> plaintext)
    {
        try
        {
            // Content that closes an element outside of it would move what stands around it.
            XmlIndex.CheckBalanced(plaintext, exactlyOneElement: !part.Data.ContentOnly);
        }
        catch (WsSecurityException exception)
        {
            throw Failed(exception);
        }

        var elementStart = part.Data.ContentOnly ? -1 : part.Start + plaintext.IndexOf((byte)'<');
        return new Replacement(part.Start, part.End, elementStart, plaintext.Length - (part.End - part.Start));
    }

    private static WsSecurityException Failed(Exception? inner) =>
        new(SecurityFailure.DecryptionFailed, "The content could not be decrypted.", inner);
}
