using System.Runtime.InteropServices;

namespace WsSecurity.Tokens.Kerberos.Gssapi;

/// <summary><c>gss_buffer_desc</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GssapiBuffer
{
    public nuint Length;
    public nint Value;
}

/// <summary><c>gss_OID_desc</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GssapiOid
{
    public uint Length;
    public nint Elements;
}

/// <summary><c>gss_OID_set_desc</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GssapiOidSet
{
    public nuint Count;
    public nint Elements;
}

/// <summary><c>gss_key_value_set_desc</c>: where a credential comes from.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GssapiKeyValueSet
{
    public uint Count;
    public nint Elements;
}

/// <summary><c>gss_key_value_element_desc</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GssapiKeyValue
{
    public nint Key;
    public nint Value;
}

/// <summary><c>gss_krb5_lucid_key_t</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GssapiLucidKey
{
    public uint EncryptionType;
    public uint Length;
    public nint Data;
}

/// <summary><c>gss_krb5_lucid_context_v1_t</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GssapiLucidContextV1
{
    public uint Version;
    public uint Initiate;
    public uint EndTime;
    public ulong SendSequence;
    public ulong ReceiveSequence;

    /// <summary>0: RFC 1964, for RC4; 1: RFC 4121, for everything since.</summary>
    public uint Protocol;

    // rfc1964_kd
    public uint Rfc1964SignatureAlgorithm;
    public uint Rfc1964SealAlgorithm;
    public GssapiLucidKey Rfc1964Key;

    // cfx_kd
    public uint HasAcceptorSubkey;
    public GssapiLucidKey Rfc4121Key;
    public GssapiLucidKey AcceptorSubkey;
}
