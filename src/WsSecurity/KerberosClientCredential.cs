namespace WsSecurity;

/// <summary>
/// How an initiator gets Kerberos tickets (Kerberos Token Profile 1.1.1): from the cache that <c>kinit</c> fills, or by a keytab or a password. Needs MIT
/// Kerberos' library (Debian: <c>libgssapi-krb5-2</c>), whose <c>krb5.conf</c> says where the KDC is.
/// </summary>
public sealed record KerberosClientCredential
{
    /// <summary>
    /// Whom to call: <c>HTTP/host.example.com</c>, whose realm the library finds, or a principal with its realm, <c>HTTP/host.example.com@EXAMPLE.COM</c>
    /// or <c>user@EXAMPLE.COM</c>.
    /// </summary>
    public required string ServicePrincipal { get; init; }

    /// <summary>Who we are, <c>alice@EXAMPLE.COM</c>.</summary>
    /// <value>null: as the cache or the keytab says.</value>
    public string? Principal { get; init; }

    /// <summary>The password of <see cref="Principal"/>.</summary>
    /// <value>null: none is used.</value>
    public string? Password { get; init; }

    /// <summary>A file with the keys of <see cref="Principal"/>, for services that log in by themselves.</summary>
    /// <value>null: none is used.</value>
    public string? Keytab { get; init; }

    /// <summary>The credential cache, as the library names it: <c>FILE:/path</c>, <c>KCM:</c>, <c>KEYRING:…</c>.</summary>
    /// <value>null: the library's own choice (<c>KRB5CCNAME</c>), where there is neither password nor keytab.</value>
    public string? CredentialCache { get; init; }

    /// <summary>Writes no secret.</summary>
    public override string ToString() => $"{nameof(KerberosClientCredential)} {{ ServicePrincipal = {ServicePrincipal}, Principal = {Principal} }}";
}
