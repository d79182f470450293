using WsSecurity.Signatures;

namespace WsSecurity.Exchanges;

/// <summary>A supporting token of a message that is being written.</summary>
/// <param name="required">What the policy says of it.</param>
/// <param name="item">The token; null where it is only named.</param>
/// <param name="key">The key that it brings; null where it is none that we sign with.</param>
internal sealed class OutgoingToken(SupportingToken required, HeaderItem? item, OutgoingKey? key)
{
    public SupportingToken Required => required;

    public OutgoingKey? Key => key;

    /// <summary>The token as it stands in the header: ciphertext, once it is encrypted.</summary>
    public HeaderItem? Item { get; private set; } = item;

    /// <summary>The signature that it endorses with.</summary>
    public HeaderItem? Endorsement { get; private set; }

    /// <summary>What lets the message signature cover the token as it stands.</summary>
    public OutgoingReference Cover(OutgoingSignatures signatures) => Item is null ? key!.Cover(signatures) : signatures.Reference(Item);

    public void Encrypt(OutgoingEncryption encryption) =>
        Item = encryption.Encrypt(Item ?? throw new InvalidOperationException("A token that is only named cannot be encrypted."));

    /// <exception cref="InvalidOperationException">There is nothing to endorse, or no key to do it with.</exception>
    public void Endorse(OutgoingSignatures signatures, HeaderItem? endorsed)
    {
        if (endorsed is null)
        {
            throw new InvalidOperationException("A token endorses, and there is neither a message signature nor a Timestamp to sign.");
        }

        Endorsement = signatures.Sign(
            [signatures.Reference(endorsed)], key ?? throw new InvalidOperationException($"The {required.Type} token endorses, and the credentials have no key for it."));
        key.Forget();
    }

    /// <summary>Zeroes what is this message's alone.</summary>
    public void Forget() => key?.Forget();

    public void EncryptEndorsement(OutgoingEncryption encryption) => Endorsement = Endorsement is null ? null : encryption.Encrypt(Endorsement);
}
