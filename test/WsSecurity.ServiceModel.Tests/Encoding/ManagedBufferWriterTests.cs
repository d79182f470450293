using NUnit.Framework;
using System.Buffers;
using System.ServiceModel.Channels;
using WsSecurity.ServiceModel.Encoding;

namespace WsSecurity.ServiceModel.Tests.Encoding;

internal sealed class ManagedBufferWriterTests
{
    [Test]
    public void Write_BeyondTheHint_GrowsAndKeepsTheFrontFree()
    {
        var manager = new CountingManager();
        using var writer = new ManagedBufferWriter(manager, 3, 4);
        var expected = Enumerable.Range(0, 1000).Select(number => (byte)number).ToArray();
        foreach (var chunk in expected.Chunk(7))
        {
            writer.Write(chunk);
        }

        var written = writer.Detach();
        Assert.That(written.Offset, Is.EqualTo(3));
        Assert.That(written, Is.EqualTo(expected));
        Assert.That(manager.Out, Is.EqualTo(1), "the transport gives this one back");
    }

    [Test]
    public void Dispose_WithoutDetach_GivesTheArrayBack()
    {
        var manager = new CountingManager();
        using (var writer = new ManagedBufferWriter(manager, 0, 16))
        {
            writer.Write("x"u8);
        }

        Assert.That(manager.Out, Is.Zero);
    }

    [Test]
    public void Use_AfterDetach_IsRefused()
    {
        using var writer = new ManagedBufferWriter(new CountingManager(), 0, 16);
        writer.Detach();
        Assert.Throws<ObjectDisposedException>(() => writer.GetSpan());
        Assert.Throws<ArgumentOutOfRangeException>(() => new ManagedBufferWriter(new CountingManager(), 0, 16).Advance(17));
    }

    private sealed class CountingManager : BufferManager
    {
        public int Out { get; private set; }

        public override byte[] TakeBuffer(int bufferSize)
        {
            Out++;
            return new byte[bufferSize];
        }

        public override void ReturnBuffer(byte[] buffer) => Out--;

        public override void Clear()
        {
        }
    }
}
