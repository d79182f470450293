using MimeKit;
using MimeKit.Utils;

namespace WsSecurity.Mail.Receiving;

/// <summary>
/// Finds the envelope in a mail: its only part, of a SOAP media type, in whichever transfer encoding servers have given it. Nothing that it reads is
/// authenticated; what the envelope proves, the engine says.
/// </summary>
internal static class SoapMailReader
{
    /// <exception cref="UnreadableMailException">The mail is not one with a SOAP message.</exception>
    public static ReceivedEnvelope Read(byte[] mail, int maxEnvelopeSize)
    {
        try
        {
            using var stream = new MemoryStream(mail, writable: false);
            using var message = MimeMessage.Load(stream);
            return Read(message, maxEnvelopeSize);
        }
        catch (Exception failure) when (failure is not (UnreadableMailException or OutOfMemoryException))
        {
            // Nothing but the mail took part, so another attempt would end alike.
            throw new UnreadableMailException($"It is no mail: {failure.Message}");
        }
    }

    private static ReceivedEnvelope Read(MimeMessage message, int maxEnvelopeSize)
    {
        var part = message.Body switch
        {
            MimePart single => single,
            Multipart => throw new UnreadableMailException("It has several parts, and none says which is meant."),
            _ => throw new UnreadableMailException("It has no part with content of its own."),
        };
        var isSoap12 = part.ContentType.IsMimeType("application", "soap+xml");
        if (!isSoap12 && !part.ContentType.IsMimeType("text", "xml"))
        {
            throw new UnreadableMailException($"Its media type '{part.ContentType.MimeType}' is none of SOAP; text/xml (SOAP 1.1) and application/soap+xml (SOAP 1.2) are.");
        }

        var action = isSoap12 ? part.ContentType.Parameters["action"] : ActionOf(message);
        return new ReceivedEnvelope(Decode(part, maxEnvelopeSize), part.ContentType.Charset, string.IsNullOrEmpty(action) ? null : action, message.MessageId);
    }

    private static string? ActionOf(MimeMessage message)
    {
        var actions = message.Headers.Where(header => header.Field.Equals(SoapMail.SoapAction, StringComparison.OrdinalIgnoreCase)).ToList();
        return actions.Count > 1
            ? throw new UnreadableMailException("It has more than one SOAPAction.")
            : actions.SingleOrDefault()?.Value.Trim().Trim('"');
    }

    private static byte[] Decode(MimePart part, int maxEnvelopeSize)
    {
        if (part.Headers[HeaderId.ContentTransferEncoding] is { } encoding && !MimeUtils.TryParse(encoding, out ContentEncoding _))
        {
            throw new UnreadableMailException("Its transfer encoding is not known.");
        }

        if (part.Content is not { } content)
        {
            throw new UnreadableMailException("It is empty.");
        }

        using var octets = new BoundedStream(maxEnvelopeSize);
        content.DecodeTo(octets);
        return octets.ToArray();
    }

    private sealed class BoundedStream(int maxLength) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            DemandRoom(count);
            base.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            DemandRoom(buffer.Length);
            base.Write(buffer);
        }

        public override void WriteByte(byte value)
        {
            DemandRoom(1);
            base.WriteByte(value);
        }

        private void DemandRoom(int count)
        {
            if (count > maxLength - Length)
            {
                throw new UnreadableMailException($"Its message is larger than the {maxLength} octets of {nameof(ProcessingLimits.MaxMessageSize)}.");
            }
        }
    }
}

/// <summary>What stood in a mail.</summary>
internal sealed record ReceivedEnvelope(byte[] Octets, string? Charset, string? Action, string? MessageId);

/// <summary>The mail will never be one that can be handled.</summary>
internal sealed class UnreadableMailException(string reason) : Exception(reason);
