using NUnit.Framework;
using WsSecurity.AspNetCore.Soap;

namespace WsSecurity.AspNetCore.Tests.Soap;

public sealed class OctetBufferTests
{
    [Test]
    public async Task Write_ByEveryWay_KeepsTheOrder()
    {
        using var buffer = new OctetBuffer();

        buffer.Write([1, 2]);
        buffer.Write([0, 3, 0], 1, 1);
        await buffer.WriteAsync(new byte[] { 4 });
        await buffer.WriteAsync(new byte[] { 5 }, CancellationToken.None);
        buffer.GetSpan(1)[0] = 6;
        buffer.Advance(1);

        Assert.That(buffer.Written.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 6 }));
        Assert.That(buffer.Length, Is.EqualTo(6));
    }

    [Test]
    public void Write_MoreThanItHolds_GrowsAndKeepsWhatIsThere()
    {
        using var buffer = new OctetBuffer();
        var octets = Enumerable.Range(0, 200_000).Select(number => (byte)number).ToArray();

        foreach (var chunk in octets.Chunk(777))
        {
            buffer.Write(chunk);
        }

        Assert.That(buffer.Written.Span.SequenceEqual(octets), Is.True);
    }

    [Test]
    public void Advance_PastTheEnd_IsRefused()
    {
        using var buffer = new OctetBuffer();
        var room = buffer.GetMemory(10).Length;

        Assert.That(() => buffer.Advance(room + 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => buffer.Advance(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
