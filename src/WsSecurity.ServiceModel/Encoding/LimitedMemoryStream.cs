using WsSecurity.ServiceModel.Channels;

namespace WsSecurity.ServiceModel.Encoding;

/// <summary>Holds a message in memory, and refuses to hold more than the policy allows.</summary>
internal sealed class LimitedMemoryStream(int limit) : MemoryStream
{
    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => GetBuffer().AsMemory(0, (int)Length);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Demand(buffer.Length);
        base.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Demand(count);
        base.Write(buffer, offset, count);
    }

    public override void WriteByte(byte value)
    {
        Demand(1);
        base.WriteByte(value);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Demand(buffer.Length);
        return base.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Demand(count);
        return base.WriteAsync(buffer, offset, count, cancellationToken);
    }

    private void Demand(int count)
    {
        if (Length + count > limit)
        {
            throw SecurityErrors.For(new WsSecurityException(
                SecurityFailure.MessageTooLarge, $"The message is larger than the {limit} octets of {nameof(ProcessingLimits)}.{nameof(ProcessingLimits.MaxMessageSize)}."));
        }
    }
}
