using System.Runtime.InteropServices;

namespace WsSecurity.Tokens.Kerberos.Gssapi;

/// <summary>A <c>gss_name_t</c>; the empty one is GSS_C_NO_NAME.</summary>
internal sealed class GssapiName : GssapiHandle
{
    protected override bool ReleaseHandle() => GssapiLibrary.ReleaseName(out _, ref handle) == 0;
}

/// <summary>A <c>gss_cred_id_t</c>.</summary>
internal sealed class GssapiCredential : GssapiHandle
{
    protected override bool ReleaseHandle() => GssapiLibrary.ReleaseCredential(out _, ref handle) == 0;
}

/// <summary>A <c>gss_ctx_id_t</c>; the empty one is GSS_C_NO_CONTEXT.</summary>
internal sealed class GssapiContext : GssapiHandle
{
    protected override bool ReleaseHandle() => GssapiLibrary.DeleteContext(out _, ref handle, 0) == 0;
}

/// <summary>A <c>gss_krb5_lucid_context_v1_t</c>; the library zeroes its keys when it is released.</summary>
internal sealed class GssapiLucidContext : GssapiHandle
{
    public GssapiLucidContextV1 Read() => Marshal.PtrToStructure<GssapiLucidContextV1>(handle);

    protected override bool ReleaseHandle() => GssapiLibrary.FreeLucidContext(out _, handle) == 0;
}

/// <summary>Something of the library's that must be given back.</summary>
internal abstract class GssapiHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;
}
