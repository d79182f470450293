using System.Runtime.InteropServices;

namespace WsSecurity.Tokens.Kerberos.Gssapi;

/// <summary>
/// The calls of MIT Kerberos' GSSAPI library (RFC 2744; its extensions in <c>gssapi_ext.h</c> and <c>gssapi_krb5.h</c>). Loaded with the first call.
/// </summary>
internal static partial class GssapiLibrary
{
    // Of Linux distributions; the 2 is the library's ABI.
    private const string Name = "libgssapi_krb5.so.2";

    /// <summary>Whether the library, with the extensions that are used, is installed.</summary>
    public static bool IsAvailable { get; } = Probe();

    [LibraryImport(Name, EntryPoint = "gss_import_name")]
    public static partial uint ImportName(out uint minor, in GssapiBuffer name, in GssapiOid nameType, out GssapiName output);

    [LibraryImport(Name, EntryPoint = "gss_release_name")]
    public static partial uint ReleaseName(out uint minor, ref nint name);

    [LibraryImport(Name, EntryPoint = "gss_display_name")]
    public static partial uint DisplayName(out uint minor, GssapiName name, out GssapiBuffer output, nint nameType);

    [LibraryImport(Name, EntryPoint = "gss_release_buffer")]
    public static partial uint ReleaseBuffer(out uint minor, ref GssapiBuffer buffer);

    [LibraryImport(Name, EntryPoint = "gss_acquire_cred_from")]
    public static partial uint AcquireCredential(
        out uint minor, GssapiName name, uint time, in GssapiOidSet mechanisms, int usage, in GssapiKeyValueSet store, out GssapiCredential output, nint actual, out uint lifetime);

    [LibraryImport(Name, EntryPoint = "gss_acquire_cred_with_password")]
    public static partial uint AcquireCredentialByPassword(
        out uint minor, GssapiName name, in GssapiBuffer password, uint time, in GssapiOidSet mechanisms, int usage, out GssapiCredential output, nint actual, out uint lifetime);

    [LibraryImport(Name, EntryPoint = "gss_release_cred")]
    public static partial uint ReleaseCredential(out uint minor, ref nint credential);

    [LibraryImport(Name, EntryPoint = "gss_init_sec_context")]
    public static partial uint InitiateContext(
        out uint minor,
        GssapiCredential credential,
        ref GssapiContext context,
        GssapiName target,
        in GssapiOid mechanism,
        uint flags,
        uint time,
        nint channelBindings,
        nint input,
        nint actualMechanism,
        out GssapiBuffer output,
        out uint actualFlags,
        out uint lifetime);

    [LibraryImport(Name, EntryPoint = "gss_accept_sec_context")]
    public static partial uint AcceptContext(
        out uint minor,
        ref GssapiContext context,
        GssapiCredential credential,
        in GssapiBuffer input,
        nint channelBindings,
        out GssapiName source,
        nint mechanism,
        out GssapiBuffer output,
        out uint flags,
        out uint lifetime,
        nint delegated);

    [LibraryImport(Name, EntryPoint = "gss_inquire_context")]
    public static partial uint InquireContext(
        out uint minor, GssapiContext context, nint source, out GssapiName target, nint lifetime, nint mechanism, nint flags, nint locally, nint open);

    [LibraryImport(Name, EntryPoint = "gss_delete_sec_context")]
    public static partial uint DeleteContext(out uint minor, ref nint context, nint output);

    [LibraryImport(Name, EntryPoint = "gss_krb5_export_lucid_sec_context")]
    public static partial uint ExportLucidContext(out uint minor, ref nint context, uint version, out GssapiLucidContext output);

    [LibraryImport(Name, EntryPoint = "gss_krb5_free_lucid_sec_context")]
    public static partial uint FreeLucidContext(out uint minor, nint context);

    [LibraryImport(Name, EntryPoint = "gss_display_status")]
    public static partial uint DisplayStatus(out uint minor, uint status, int type, in GssapiOid mechanism, ref uint context, out GssapiBuffer output);

    private static bool Probe() =>
        OperatingSystem.IsLinux()
        && NativeLibrary.TryLoad(Name, typeof(GssapiLibrary).Assembly, null, out var library)
        && NativeLibrary.TryGetExport(library, "gss_acquire_cred_from", out _)
        && NativeLibrary.TryGetExport(library, "gss_krb5_export_lucid_sec_context", out _);
}
