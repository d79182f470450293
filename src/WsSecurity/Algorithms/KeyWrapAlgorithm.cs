namespace WsSecurity.Algorithms;

/// <summary>
/// The algorithm of an EncryptedKey under a symmetric key (XML Encryption 1.1 section 5.6). Each has a check value of its own, so that a wrong
/// key or a changed ciphertext is told; that is one failure with one message, whatever was wrong.
/// </summary>
internal abstract class KeyWrapAlgorithm
{
    // XML Encryption 1.1, section 5.6.3.
    public static readonly KeyWrapAlgorithm Aes128 = new AesKeyWrap("http://www.w3.org/2001/04/xmlenc#kw-aes128", "KW-AES-128", 16);

    public static readonly KeyWrapAlgorithm Aes192 = new AesKeyWrap("http://www.w3.org/2001/04/xmlenc#kw-aes192", "KW-AES-192", 24);

    public static readonly KeyWrapAlgorithm Aes256 = new AesKeyWrap("http://www.w3.org/2001/04/xmlenc#kw-aes256", "KW-AES-256", 32);

    // XML Encryption 1.1, section 5.6.2.
    public static readonly KeyWrapAlgorithm TripleDes = new TripleDesKeyWrap();

    private protected KeyWrapAlgorithm(string uri, string name, int keySize)
    {
        Uri = uri;
        Name = name;
        KeySize = keySize;
    }

    public string Uri { get; }

    public string Name { get; }

    /// <summary>Octets of the key that wraps.</summary>
    public int KeySize { get; }

    /// <summary>Wraps a key.</summary>
    /// <param name="wrappingKey"><see cref="KeySize"/> octets.</param>
    /// <param name="key">A whole number of 8 octets, at least 16.</param>
    /// <exception cref="ArgumentException">A key has another size.</exception>
    public byte[] Wrap(ReadOnlySpan<byte> wrappingKey, ReadOnlySpan<byte> key)
    {
        if (wrappingKey.Length != KeySize)
        {
            throw new ArgumentException($"{Name} takes a key of {KeySize} octets, not {wrappingKey.Length}.", nameof(wrappingKey));
        }

        return key.Length >= 16 && key.Length % 8 == 0
            ? WrapCore(wrappingKey, key)
            : throw new ArgumentException($"{Name} does not wrap a key of {key.Length} octets.", nameof(key));
    }

    /// <summary>Unwraps a key. The caller zeroes it after use.</summary>
    /// <param name="wrappingKey">Of any length; a wrong one is a failure like any other.</param>
    /// <param name="wrapped">The decoded CipherValue.</param>
    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.DecryptionFailed"/>, with one message for every reason.</exception>
    public byte[] Unwrap(ReadOnlySpan<byte> wrappingKey, ReadOnlySpan<byte> wrapped) =>
        (wrappingKey.Length == KeySize && wrapped.Length >= 24 && wrapped.Length % 8 == 0 ? TryUnwrapCore(wrappingKey, wrapped) : null)
        ?? throw new WsSecurityException(SecurityFailure.DecryptionFailed, "A wrapped key could not be unwrapped.");

    public override string ToString() => Name;

    private protected abstract byte[] WrapCore(ReadOnlySpan<byte> wrappingKey, ReadOnlySpan<byte> key);

    /// <summary>Null where the check value is wrong.</summary>
    private protected abstract byte[]? TryUnwrapCore(ReadOnlySpan<byte> wrappingKey, ReadOnlySpan<byte> wrapped);
}
