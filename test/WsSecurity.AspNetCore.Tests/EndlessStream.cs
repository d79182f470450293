namespace WsSecurity.AspNetCore.Tests;

/// <summary>A body that gives a little, then makes its sender give up.</summary>
internal sealed class EndlessStream(CancellationTokenSource giveUp) : Stream
{
    private int _reads;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (++_reads == 3)
        {
            giveUp.Cancel();
        }

        Array.Fill(buffer, (byte)' ', offset, count);
        return count;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
