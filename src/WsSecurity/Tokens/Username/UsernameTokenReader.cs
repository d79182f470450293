using System.Globalization;
using System.Text;
using WsSecurity.Algorithms;
using WsSecurity.Exchanges;
using WsSecurity.Specifications;
using WsSecurity.Timestamps;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Username;

/// <summary>Reads wsse:UsernameToken (UsernameToken Profile 1.1.1, section 3).</summary>
internal static class UsernameTokenReader
{
    // A nonce is random; 16 octets are customary, and some write 32 or 64.
    private const int MaxNonceSize = 256;

    /// <exception cref="WsSecurityException">It breaks the profile or the Basic Security Profile.</exception>
    public static UsernameToken Read(XmlElement element, TrackedElement tracked, ProcessingLimits limits)
    {
        var userName = default(XmlElement);
        var password = default(XmlElement);
        var nonce = default(XmlElement);
        var created = default(XmlElement);
        var salt = default(XmlElement);
        var iteration = default(XmlElement);
        foreach (var child in element.Children)
        {
            if (child.Is("Username"u8, Wsse.Namespace))
            {
                Set(ref userName, child);
            }
            else if (child.Is("Password"u8, Wsse.Namespace))
            {
                Set(ref password, child);
            }
            else if (child.Is("Nonce"u8, Wsse.Namespace))
            {
                Set(ref nonce, child);
            }
            else if (child.Is("Created"u8, Wsu.Namespace))
            {
                Set(ref created, child);
            }
            else if (child.Is("Salt"u8, Wsse.Namespace11))
            {
                Set(ref salt, child);
            }
            else if (child.Is("Iteration"u8, Wsse.Namespace11))
            {
                Set(ref iteration, child);
            }
            else
            {
                throw Invalid($"it holds '{RefusedValue.Show(Encoding.UTF8.GetString(child.LocalName))}', which is not supported");
            }
        }

        if (userName.IsNone || !userName.TryGetText(out var name) || string.IsNullOrWhiteSpace(name))
        {
            throw Invalid("it has no Username");
        }

        var createdText = string.Empty;
        DateTimeOffset? createdAt = null;
        if (!created.IsNone)
        {
            createdText = created.GetText();
            createdAt = UtcInstant.TryParse(createdText.AsSpan().Trim(), out var instant) ? instant : throw Invalid("its Created is no time in UTC");
        }

        var nonceOctets = ReadNonce(nonce);
        var (type, presented) = ReadPassword(password);
        if (type == PasswordType.Digest && (nonceOctets is null || createdAt is null))
        {
            // Basic Security Profile 1.1, R4220 and R4221.
            throw Invalid("its digest has no Nonce or no Created");
        }

        if (!salt.IsNone || !iteration.IsNone)
        {
            if (!password.IsNone)
            {
                throw Invalid("it derives a key from the password, and holds the password, too");
            }

            return new UsernameToken(tracked, new UsernameTokenCredential(name, ReadSalt(salt), ReadIterations(iteration, limits)), nonceOctets, createdAt);
        }

        byte[] digestPrefix = [.. nonceOctets ?? [], .. Encoding.UTF8.GetBytes(createdText)];
        return new UsernameToken(tracked, new UsernameTokenCredential(name, type, presented, digestPrefix), nonceOctets, createdAt);
    }

    private static (PasswordType Type, byte[] Presented) ReadPassword(XmlElement password)
    {
        if (password.IsNone)
        {
            return (PasswordType.None, []);
        }

        if (!password.TryGetText(out var text))
        {
            throw Invalid("its Password holds elements");
        }

        // Some old senders qualify the attribute; whether they mean what it says is not for us to guess.
        if (password.GetAttribute("Type", Wsse.Namespace) is not null)
        {
            throw Invalid("the Type of its Password is in a namespace");
        }

        switch (password.GetAttribute("Type"))
        {
            // The profile has PasswordText as the default; Basic Security Profile 1.1, R4201, wants it spelled out.
            case null or UsernameTokenProfile.PasswordText:
                return (PasswordType.Text, Encoding.UTF8.GetBytes(text));
            case UsernameTokenProfile.PasswordDigest:
                return password.TryGetBase64(out var digest) && digest.Length == 20 ? (PasswordType.Digest, digest) : throw Invalid("its digest is not the Base64 of a SHA-1");
            default:
                throw new WsSecurityException(SecurityFailure.PasswordTypeNotAllowed, "The UsernameToken has a password type that is not supported.");
        }
    }

    private static byte[]? ReadNonce(XmlElement nonce)
    {
        if (nonce.IsNone)
        {
            return null;
        }

        if (nonce.GetAttribute("EncodingType") is { } encoding && encoding != Wsse.Base64Binary)
        {
            throw Invalid("its Nonce has another encoding than Base64Binary");
        }

        return nonce.TryGetBase64(out var octets) && octets.Length is > 0 and <= MaxNonceSize ? octets : throw Invalid("its Nonce is not Base64, or too long");
    }

    // Section 4.1; Basic Security Profile 1.1, R4217.
    private static byte[] ReadSalt(XmlElement salt)
    {
        if (salt.IsNone)
        {
            throw new WsSecurityException(SecurityFailure.SaltMissing, "A UsernameToken has an Iteration, and no Salt.");
        }

        return salt.TryGetBase64(out var octets) && octets.Length == PasswordKeyDerivation.SaltSize && octets[0] is PasswordKeyDerivation.ForMac or PasswordKeyDerivation.ForEncryption
            ? octets
            : throw new WsSecurityException(SecurityFailure.InvalidSalt, "The Salt of a UsernameToken is not 16 octets of which the first is 1 or 2.");
    }

    private static int ReadIterations(XmlElement iteration, ProcessingLimits limits)
    {
        var iterations = PasswordKeyDerivation.DefaultIterations;
        if (!iteration.IsNone && (!iteration.TryGetText(out var text) || !IsNumber(text.AsSpan().Trim(), out iterations)))
        {
            throw Invalid("its Iteration is no number");
        }

        return iterations >= limits.MinPasswordIterations && iterations <= limits.MaxPasswordIterations
            ? iterations
            : throw new WsSecurityException(
                SecurityFailure.IterationsNotAllowed,
                $"A UsernameToken would have the password hashed less often than {limits.MinPasswordIterations}, or more often than {limits.MaxPasswordIterations} times.");
    }

    private static bool IsNumber(ReadOnlySpan<char> text, out int number)
    {
        number = int.MaxValue;
        return text.Length > 0 && text.IndexOfAnyExceptInRange('0', '9') < 0 && (text.Length > 9 || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number));
    }

    private static void Set(ref XmlElement field, XmlElement value)
    {
        // Basic Security Profile 1.1, R4222, R4223, R4225: each at most once.
        field = field.IsNone ? value : throw Invalid("it has an element twice");
    }

    private static WsSecurityException Invalid(string what) => new(SecurityFailure.InvalidUsernameToken, $"The UsernameToken is invalid: {what}.");
}
