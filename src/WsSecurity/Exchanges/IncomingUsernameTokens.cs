using System.Security.Cryptography;
using WsSecurity.Algorithms;
using WsSecurity.Specifications;
using WsSecurity.Tokens;
using WsSecurity.Tokens.Username;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>
/// The UsernameTokens of a message. A key that one derives from a password is at hand before anything else is looked at, since a signature may name a token that stands
/// behind it, and what knows the passwords may take its time.
/// </summary>
internal sealed class IncomingUsernameTokens(Party party, IncomingDocument document)
{
    private readonly List<UsernameToken> _tokens = [];

    public IReadOnlyList<UsernameToken> All => _tokens;

    /// <summary>The one key that is derived from a password; null where none is.</summary>
    public SymmetricKey? Key { get; private set; }

    public static bool Is(XmlElement element) => element.Is("UsernameToken"u8, Wsse.Namespace);

    /// <summary>Reads a token, once.</summary>
    /// <exception cref="WsSecurityException">It is broken, or one too many.</exception>
    public UsernameToken Read(XmlElement element)
    {
        if (_tokens.Find(known => known.Element.Is(element)) is { } known)
        {
            return known;
        }

        HeaderLimit.Demand(_tokens.Count, party.Policy.Limits.MaxTokens, "UsernameTokens");
        var token = UsernameTokenReader.Read(element, document.Track(element), party.Policy.Limits);
        _tokens.Add(token);
        return token;
    }

    /// <summary>Derives the key of a token that stands in the header now, where the policy has a use for it and it was not yet.</summary>
    /// <exception cref="WsSecurityException">The token is broken, is a second one that derives a key, or who knows the passwords failed.</exception>
    public async ValueTask DeriveKeyAsync(CancellationToken cancellationToken)
    {
        if (party.FindPasswordKeySource() is not { } source)
        {
            return;
        }

        foreach (var child in document.SecurityHeader.Children)
        {
            if (!Is(child) || child.Child("Salt"u8, Wsse.Namespace11).IsNone || Read(child) is not { Key: null, Credential.DerivesKey: true } token)
            {
                continue;
            }

            if (Key is not null)
            {
                // A policy has one, and each is work.
                throw new WsSecurityException(SecurityFailure.InvalidUsernameToken, "The message carries more than one UsernameToken that derives a key.");
            }

            var id = child.GetAttribute("Id", Wsu.Namespace) ?? string.Empty;
            Key = new SymmetricKey(await DeriveAsync(source, token.Credential, cancellationToken).ConfigureAwait(false), [], keyTransport: null)
            {
                UsernameTokenId = id,
                IsForEncryption = token.Credential.Salt.Span[0] == PasswordKeyDerivation.ForEncryption,
            };
            _tokens[_tokens.IndexOf(token)] = token with { Key = Key };
        }
    }

    /// <summary>The key of a token that a signature or a ciphertext names.</summary>
    /// <exception cref="WsSecurityException">The token has none, or none that the policy has a use for.</exception>
    public SymmetricKey KeyOf(XmlElement element)
    {
        var token = Read(element);
        return token.Key ?? throw (token.Credential.DerivesKey
            ? new WsSecurityException(SecurityFailure.PasswordKeyNotExpected, "A key is derived from a password, which the policy does not have.")
            : new WsSecurityException(SecurityFailure.SaltMissing, "A key is named as that of a UsernameToken, which has no Salt to derive one with."));
    }

    // For an unknown user a random password takes the same work, and fails where a wrong one does.
    private static async ValueTask<byte[]> DeriveAsync(IUsernameTokenKeySource source, UsernameTokenCredential token, CancellationToken cancellationToken)
    {
        byte[]? key;
        try
        {
            key = await source.DeriveKeyAsync(token, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not WsSecurityException && !cancellationToken.IsCancellationRequested)
        {
            throw new WsSecurityException(SecurityFailure.ValidatorFailed, "Who knows the passwords of users failed.", exception);
        }

        return key is null ? token.DeriveKey(Convert.ToHexString(RandomNumberGenerator.GetBytes(PasswordKeyDerivation.KeySize)))
            : key.Length == PasswordKeyDerivation.KeySize ? key
            : throw new WsSecurityException(SecurityFailure.ValidatorFailed, $"Who knows the passwords of users gave a key of {key.Length} octets instead of {PasswordKeyDerivation.KeySize}.");
    }
}
