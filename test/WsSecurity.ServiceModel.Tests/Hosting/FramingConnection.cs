using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.ServiceModel.Tests.Hosting;

/// <summary>One connection of .NET Message Framing (MC-NMF, section 2.2): records and their octets.</summary>
internal sealed class FramingConnection(NetworkStream network, X509Certificate2? tls, CancellationToken stop)
{
    private const byte SingletonMode = 1;

    private readonly SemaphoreSlim _writing = new(1);
    private Stream _stream = network;
    private byte _mode;

    /// <summary>Reads up to the preamble's end and acknowledges it.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> ReadPreambleAsync()
    {
        while (await TryReadByteAsync() is { } record)
        {
            switch (record)
            {
                case 0x00: // Version
                    await ReadAsync(2);
                    break;
                case 0x01: // Mode
                    _mode = (await ReadAsync(1))[0];
                    break;
                case 0x02: // Via
                case 0x04: // Extensible encoding
                    await ReadAsync(await ReadSizeAsync());
                    break;
                case 0x03: // Known encoding
                    await ReadAsync(1);
                    break;
                case 0x09: // Upgrade request
                    await ReadAsync(await ReadSizeAsync());
                    await _stream.WriteAsync(new byte[] { 0x0A }, stop);
                    var secured = new SslStream(_stream);
                    await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = tls }, stop);
                    _stream = secured;
                    break;
                case 0x0C: // Preamble end
                    await _stream.WriteAsync(new byte[] { 0x0B }, stop);
                    return true;
                default:
                    throw new IOException($"Record {record} in the preamble.");
            }
        }

        return false;
    }

    /// <summary>Reads an envelope; null where the session, or the singleton, is over.</summary>
    public async Task<byte[]?> ReadEnvelopeAsync()
    {
        switch (await TryReadByteAsync())
        {
            case 0x06: // Sized envelope
                return await ReadAsync(await ReadSizeAsync());
            case 0x05: // Unsized envelope
                using (var envelope = new MemoryStream())
                {
                    for (var size = await ReadSizeAsync(); size > 0; size = await ReadSizeAsync())
                    {
                        envelope.Write(await ReadAsync(size));
                    }

                    return envelope.ToArray();
                }

            default:
                return null;
        }
    }

    public async Task WriteEnvelopeAsync(ReadOnlyMemory<byte> envelope)
    {
        await _writing.WaitAsync(stop);
        try
        {
            using var frame = new MemoryStream();
            frame.WriteByte(_mode == SingletonMode ? (byte)0x05 : (byte)0x06);
            WriteSize(frame, envelope.Length);
            frame.Write(envelope.Span);
            if (_mode == SingletonMode)
            {
                frame.WriteByte(0);
            }

            await _stream.WriteAsync(frame.ToArray(), stop);
        }
        finally
        {
            _writing.Release();
        }
    }

    public async Task WriteEndAsync() => await _stream.WriteAsync(new byte[] { 0x07 }, stop);

    private static void WriteSize(MemoryStream frame, int size)
    {
        for (; size >= 0x80; size >>= 7)
        {
            frame.WriteByte((byte)(size | 0x80));
        }

        frame.WriteByte((byte)size);
    }

    private async Task<int> ReadSizeAsync()
    {
        var size = 0;
        for (var shift = 0; ; shift += 7)
        {
            var octet = (await ReadAsync(1))[0];
            size |= (octet & 0x7F) << shift;
            if ((octet & 0x80) == 0)
            {
                return size;
            }
        }
    }

    private async Task<byte?> TryReadByteAsync()
    {
        var octet = new byte[1];
        return await _stream.ReadAsync(octet, stop) == 0 ? null : octet[0];
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        var octets = new byte[count];
        await _stream.ReadExactlyAsync(octets, stop);
        return octets;
    }
}
