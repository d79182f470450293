namespace WsSecurity;

/// <summary>
/// What a recipient accepts Kerberos tickets by (Kerberos Token Profile 1.1.1). Needs MIT Kerberos' library (Debian: <c>libgssapi-krb5-2</c>). The library
/// checks a ticket's times by the system's clock and <c>clockskew</c> of <c>krb5.conf</c>, which should not exceed <see cref="Tolerances.ClockSkew"/>: for
/// twice that time a ticket's request is remembered as seen.
/// </summary>
public sealed record KerberosServiceCredential
{
    /// <summary>The file with the service's keys. It is read anew for each ticket, so that keys can be changed.</summary>
    /// <value>null: the library's own choice (<c>KRB5_KTNAME</c>, <c>/etc/krb5.keytab</c>).</value>
    public string? Keytab { get; init; }

    /// <summary>Who we are: <c>HTTP/host.example.com</c>, or with its realm. Tickets for another service of the keytab are refused.</summary>
    /// <value>null: any service that the keytab has a key of.</value>
    public string? Principal { get; init; }
}
