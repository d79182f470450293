using System.Buffers;
using System.Security.Cryptography;
using NUnit.Framework;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Xml;

[TestFixture]
internal sealed class SinkTests
{
    private static readonly byte[] Source = [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i * 31))];

    [Test]
    public void HashSink_PiecesOfAnySize_GivesTheDigestOfTheWhole()
    {
        var expected = new List<byte>();
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var sink = new HashSink(hash, Source);
        foreach (int length in new[] { 0, 1, 7, 511, 512, 513, 4000, 300, 4096, 5000, 1 })
        {
            sink.Append(Source.AsSpan(0, length));
            sink.AppendSource(length, length);
            expected.AddRange(Source[..length]);
            expected.AddRange(Source[length..(2 * length)]);
        }

        Assert.That(sink.GetHashAndReset(), Is.EqualTo(SHA256.HashData(expected.ToArray())));
        sink.Append("again"u8);
        Assert.That(sink.GetHashAndReset(), Is.EqualTo(SHA256.HashData("again"u8)));
    }

    [Test]
    public void OctetSequenceBuilder_PiecesOfAnySize_GivesTheWhole()
    {
        var expected = new List<byte>();
        using var builder = new OctetSequenceBuilder(Source);
        var random = new Random(1);
        for (int i = 0; i < 300; i++)
        {
            int length = random.Next(1500);
            switch (random.Next(3))
            {
                case 0:
                    builder.Append(Source.AsSpan(i, length));
                    break;
                case 1:
                    builder.AppendSource(i, length);
                    break;
                default:
                    Source.AsSpan(i, length).CopyTo(builder.GetSpan(length));
                    builder.Advance(length);
                    break;
            }

            expected.AddRange(Source.AsSpan(i, length));
        }

        Assert.That(builder.ToSequence().ToArray(), Is.EqualTo(expected.ToArray()));
        Assert.That(builder.Length, Is.EqualTo(expected.Count));
    }

    [Test]
    public void OctetSequenceBuilder_LongRunOfTheSource_IsReferredTo()
    {
        using var builder = new OctetSequenceBuilder(Source);
        builder.Append("<"u8);
        builder.AppendSource(10, 10_000);
        var segments = new List<ReadOnlyMemory<byte>>();
        foreach (ReadOnlyMemory<byte> segment in builder.ToSequence())
        {
            segments.Add(segment);
        }

        Assert.That(segments, Has.Count.EqualTo(2));
        Assert.That(segments[1].Equals(Source.AsMemory(10, 10_000)), Is.True);
    }

    [Test]
    public void OctetSequenceBuilder_Empty_GivesAnEmptySequence()
    {
        using var builder = new OctetSequenceBuilder();
        Assert.That(builder.ToSequence().IsEmpty, Is.True);
        Assert.That(() => builder.Advance(1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void OctetSequenceBuilder_WrittenAfterASequenceWasTaken_GoesOn()
    {
        using var builder = new OctetSequenceBuilder();
        builder.Append("a"u8);
        Assert.That(builder.ToSequence().ToArray(), Is.EqualTo("a"u8.ToArray()));
        builder.Append("b"u8);
        Assert.That(builder.ToSequence().ToArray(), Is.EqualTo("ab"u8.ToArray()));
    }
}
