using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace WsSecurity.Tokens.Kerberos.Gssapi;

/// <summary>
/// The Kerberos mechanism of GSSAPI (RFC 4121), as far as the token profile needs it: one token, no channel bindings, no mutual authentication, and
/// the key that both sides then have.
/// </summary>
internal static class KerberosMechanism
{
    private const int Initiate = 1;
    private const int Accept = 2;
    private const uint Indefinite = uint.MaxValue;
    private const uint ContinueNeeded = 1;
    private const uint ErrorMask = 0xFFFF0000;

    // Kept for ever: the library holds on to the mechanism's.
    private static readonly GssapiOid Kerberos5 = Oid([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 0x01, 0x02, 0x02]);
    private static readonly GssapiOid PrincipalNameType = Oid([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 0x01, 0x02, 0x02, 0x01]);
    private static readonly GssapiOid HostBasedServiceType = Oid([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 0x01, 0x02, 0x01, 0x04]);
    private static readonly GssapiOidSet OnlyKerberos5 = Set(Kerberos5);

    /// <summary>Reads the name of a principal.</summary>
    /// <param name="principal">
    /// <c>name@REALM</c>, or <c>service/host</c>, whose realm the library's configuration says; null for none.
    /// </param>
    /// <exception cref="GssapiException">It is no name.</exception>
    public static GssapiName Name(string? principal)
    {
        if (principal is null)
        {
            return new GssapiName();
        }

        var slash = principal.IndexOf('/', StringComparison.Ordinal);
        var isHostBased = slash > 0 && !principal.Contains('@', StringComparison.Ordinal);
        var text = isHostBased ? $"{principal[..slash]}@{principal[(slash + 1)..]}" : principal;
        using var octets = new PinnedOctets(Encoding.UTF8.GetBytes(text));
        Check(GssapiLibrary.ImportName(out var minor, octets.Buffer, isHostBased ? HostBasedServiceType : PrincipalNameType, out var name), minor, name);
        return name;
    }

    /// <summary>Acquires what initiates or accepts contexts.</summary>
    /// <param name="name">Whose it is; none for the store's own choice.</param>
    /// <param name="accepts">Whether it accepts rather than initiates.</param>
    /// <param name="store">Where it comes from, as MIT's <c>cred_store</c>: <c>ccache</c>, <c>client_keytab</c>, <c>keytab</c>, <c>rcache</c>.</param>
    /// <exception cref="GssapiException">There is none.</exception>
    public static GssapiCredential Acquire(GssapiName name, bool accepts, IReadOnlyList<(string Key, string Value)> store)
    {
        using var values = new NativeKeyValues(store);
        Check(
            GssapiLibrary.AcquireCredential(out var minor, name, Indefinite, OnlyKerberos5, accepts ? Accept : Initiate, values.Set, out var credential, 0, out _),
            minor,
            credential);
        return credential;
    }

    /// <summary>Logs in by a password: asks the KDC, and blocks until it answers.</summary>
    /// <exception cref="GssapiException">The KDC does not answer, or refuses.</exception>
    public static GssapiCredential Acquire(GssapiName name, string password)
    {
        using var octets = new PinnedOctets(Encoding.UTF8.GetBytes(password));
        Check(
            GssapiLibrary.AcquireCredentialByPassword(out var minor, name, octets.Buffer, Indefinite, OnlyKerberos5, Initiate, out var credential, 0, out _),
            minor,
            credential);
        return credential;
    }

    /// <summary>Makes a token for a service. Asks the KDC where the credential has no ticket for it yet, and blocks until it answers.</summary>
    /// <exception cref="GssapiException">There is no ticket.</exception>
    public static InitiatedContext InitiateContext(GssapiCredential credential, GssapiName target)
    {
        var context = new GssapiContext();
        try
        {
            var major = GssapiLibrary.InitiateContext(out var minor, credential, ref context, target, Kerberos5, 0, Indefinite, 0, 0, 0, out var output, out _, out _);
            var token = Take(ref output);
            Check(major, minor);
            var (key, end) = ExportKey(context);
            return new InitiatedContext(token, key, end);
        }
        finally
        {
            context.Dispose();
        }
    }

    /// <summary>Accepts a token: decrypts its ticket by a key of the credential's keytab, and checks that its sender knows the ticket's key.</summary>
    /// <exception cref="GssapiException">It is not accepted.</exception>
    public static AcceptedContext AcceptContext(GssapiCredential credential, byte[] token)
    {
        var context = new GssapiContext();
        GssapiName? source = null;
        try
        {
            using var input = new PinnedOctets(token);
            var major = GssapiLibrary.AcceptContext(out var minor, ref context, credential, input.Buffer, 0, out source, 0, out var output, out _, out _, 0);

            // An AP-REP, where mutual authentication was asked for: the profile has no place for it; a reply under the key is the answer.
            _ = Take(ref output);
            Check(major, minor);
            if ((major & ContinueNeeded) != 0)
            {
                throw new GssapiException(major, 0, "The context needs another token.");
            }

            var client = Display(source);
            Check(GssapiLibrary.InquireContext(out minor, context, 0, out var target, 0, 0, 0, 0, 0), minor, target);
            string service;
            using (target)
            {
                service = Display(target);
            }

            var (key, end) = ExportKey(context);
            return new AcceptedContext(client, service, key, end);
        }
        finally
        {
            source?.Dispose();
            context.Dispose();
        }
    }

    // Kerberos Token Profile 1.1.1, sections 3.4 and 3.5: the subkey of the authenticator, else the session key of the ticket. Not what
    // GSS_C_INQ_SSPI_SESSION_KEY gives, which prefers a subkey of the acceptor that the initiator never gets to know.
    private static (byte[] Key, DateTimeOffset End) ExportKey(GssapiContext context)
    {
        var handle = context.DangerousGetHandle();
        var major = GssapiLibrary.ExportLucidContext(out var minor, ref handle, 1, out var lucid);
        if (handle == 0)
        {
            // The library has released the context with the export.
            context.SetHandleAsInvalid();
        }

        Check(major, minor, lucid);
        using (lucid)
        {
            var values = lucid.Read();
            var source = values.Protocol == 0 ? values.Rfc1964Key : values.Rfc4121Key;
            var key = new byte[source.Length];
            Marshal.Copy(source.Data, key, 0, key.Length);
            return (key, DateTimeOffset.FromUnixTimeSeconds(values.EndTime));
        }
    }

    private static string Display(GssapiName name)
    {
        var major = GssapiLibrary.DisplayName(out var minor, name, out var buffer, 0);
        var octets = Take(ref buffer);
        Check(major, minor);
        return Encoding.UTF8.GetString(octets);
    }

    private static byte[] Take(ref GssapiBuffer buffer)
    {
        if (buffer.Value == 0)
        {
            return [];
        }

        try
        {
            var octets = new byte[checked((int)buffer.Length)];
            Marshal.Copy(buffer.Value, octets, 0, octets.Length);
            return octets;
        }
        finally
        {
            _ = GssapiLibrary.ReleaseBuffer(out _, ref buffer);
        }
    }

    private static void Check(uint major, uint minor, GssapiHandle? output = null)
    {
        if ((major & ErrorMask) == 0)
        {
            return;
        }

        output?.Dispose();
        var text = Describe(minor, isMechanismCode: true);
        throw new GssapiException(major, minor, text.Length > 0 ? text : Describe(major, isMechanismCode: false));
    }

    private static string Describe(uint status, bool isMechanismCode)
    {
        var texts = new List<string>();
        var next = 0u;
        do
        {
            if ((GssapiLibrary.DisplayStatus(out _, status, isMechanismCode ? 2 : 1, Kerberos5, ref next, out var buffer) & ErrorMask) != 0)
            {
                break;
            }

            texts.Add(Encoding.UTF8.GetString(Take(ref buffer)));
        }
        while (next != 0);
        return string.Join(' ', texts);
    }

    private static GssapiOid Oid(ReadOnlySpan<byte> octets)
    {
        var elements = Marshal.AllocHGlobal(octets.Length);
        Marshal.Copy(octets.ToArray(), 0, elements, octets.Length);
        return new GssapiOid { Length = (uint)octets.Length, Elements = elements };
    }

    private static GssapiOidSet Set(GssapiOid oid)
    {
        var elements = Marshal.AllocHGlobal(Marshal.SizeOf<GssapiOid>());
        Marshal.StructureToPtr(oid, elements, fDeleteOld: false);
        return new GssapiOidSet { Count = 1, Elements = elements };
    }

    /// <summary>Octets at a place that the library may read; zeroed when it is done, since some are passwords.</summary>
    private sealed class PinnedOctets : IDisposable
    {
        private readonly byte[] _octets;
        private GCHandle _pin;

        public PinnedOctets(byte[] octets)
        {
            // A copy: what is zeroed is ours.
            _octets = [.. octets];
            _pin = GCHandle.Alloc(_octets, GCHandleType.Pinned);
        }

        public GssapiBuffer Buffer => new() { Length = (nuint)_octets.Length, Value = _pin.AddrOfPinnedObject() };

        public void Dispose()
        {
            CryptographicOperations.ZeroMemory(_octets);
            _pin.Free();
        }
    }

    private sealed class NativeKeyValues : IDisposable
    {
        private readonly int _count;
        private readonly nint _elements;
        private readonly List<nint> _texts = [];

        public NativeKeyValues(IReadOnlyList<(string Key, string Value)> pairs)
        {
            var size = Marshal.SizeOf<GssapiKeyValue>();
            _count = pairs.Count;
            _elements = Marshal.AllocHGlobal(Math.Max(size * _count, 1));
            for (var i = 0; i < _count; i++)
            {
                Marshal.StructureToPtr(new GssapiKeyValue { Key = Text(pairs[i].Key), Value = Text(pairs[i].Value) }, _elements + (i * size), fDeleteOld: false);
            }
        }

        public GssapiKeyValueSet Set => new() { Count = (uint)_count, Elements = _elements };

        public void Dispose()
        {
            Marshal.FreeHGlobal(_elements);
            _texts.ForEach(Marshal.FreeCoTaskMem);
        }

        private nint Text(string text)
        {
            var native = Marshal.StringToCoTaskMemUTF8(text);
            _texts.Add(native);
            return native;
        }
    }
}

/// <summary>A token that was made.</summary>
/// <param name="Token">The GSS token with the AP-REQ.</param>
/// <param name="Key">The subkey, which signs and encrypts.</param>
/// <param name="TicketEnd">When the ticket expires.</param>
internal sealed record InitiatedContext(byte[] Token, byte[] Key, DateTimeOffset TicketEnd);

/// <summary>A token that was accepted.</summary>
/// <param name="Client">Who sent it, <c>name@REALM</c>.</param>
/// <param name="Service">For whom the ticket is.</param>
/// <param name="Key">The subkey or session key, which verifies and decrypts.</param>
/// <param name="TicketEnd">When the ticket expires.</param>
internal sealed record AcceptedContext(string Client, string Service, byte[] Key, DateTimeOffset TicketEnd);
