using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Evidence;

/// <summary>
/// Takes passwords out of what is kept. A message over TLS may carry one in clear; a trail is kept for years and read by many, so it stays out, its digest, too:
/// whoever has that can guess. Nobody's signature loses by it but one that covers the UsernameToken itself.
/// </summary>
internal static class PasswordRemoval
{
    /// <summary>What became of the octets.</summary>
    public enum Outcome
    {
        /// <summary>They are as they were received.</summary>
        Exact,

        /// <summary>The text of a Password is missing; the rest is there, in UTF-8.</summary>
        PasswordsRemoved,

        /// <summary>They are not kept at all: they are not XML, and look as if they held a password.</summary>
        Withheld,
    }

    /// <summary>Copies a message without its passwords.</summary>
    public static (byte[] Octets, Outcome Outcome) Copy(ReadOnlyMemory<byte> wire, string? charset, ProcessingLimits limits)
    {
        // Names of elements stand in the octets as they are, so most messages need no second look.
        if (wire.Span.IndexOf("Password"u8) < 0 && wire.Span.IndexOf("P\0a\0s\0s\0w\0o\0r\0d"u8) < 0)
        {
            return (wire.ToArray(), Outcome.Exact);
        }

        try
        {
            var utf8 = XmlEncoding.ToUtf8(wire, charset);
            using var index = XmlIndex.Scan(utf8, limits);
            var kept = new List<byte>(utf8.Length);
            var at = 0;
            foreach (var element in index.Root.Descendants)
            {
                if (element.Start >= at && element.Is("Password"u8, Wsse.Namespace) && element.ContentEnd > element.ContentStart)
                {
                    kept.AddRange(utf8.Span[at..element.ContentStart]);
                    at = element.ContentEnd;
                }
            }

            if (at == 0)
            {
                return (wire.ToArray(), Outcome.Exact);
            }

            kept.AddRange(utf8.Span[at..]);
            return ([.. kept], Outcome.PasswordsRemoved);
        }
        catch (WsSecurityException)
        {
            return ([], Outcome.Withheld);
        }
    }
}
