using WsSecurity.Interop.MitKrb5.Realm;
using WsSecurity.Tokens.Kerberos;
using WsSecurity.Tokens.Kerberos.Gssapi;

namespace WsSecurity.Interop.MitKrb5.Tickets;

/// <summary>Makes tokens, and has them validated.</summary>
internal static class KdcTokens
{
    private static readonly TrustDomain[] Home = [new() { Name = "home", KerberosRealms = [TemporaryRealm.Name] }];

    /// <summary>A token from a cache that <c>kinit</c> filled.</summary>
    public static Task<InitiatedContext> Create(string cache, string service = TemporaryRealm.Service) =>
        CreateBy(new TicketSource(new KerberosClientCredential { ServicePrincipal = service, CredentialCache = cache }, TimeProvider.System));

    public static async Task<InitiatedContext> CreateBy(TicketSource source)
    {
        await source.PrepareAsync(CancellationToken.None);
        return source.Create();
    }

    /// <summary>A token of alice's.</summary>
    public static Task<InitiatedContext> CreateForAlice(string service = TemporaryRealm.Service) =>
        Create(SharedRealm.Instance.LogIn("alice", TemporaryRealm.AlicePassword), service);

    public static KerberosVerifiedToken Validate(byte[] gssToken, string? keytab = null, string? principal = TemporaryRealm.Service, params TrustDomain[] domains)
    {
        var service = new KerberosServiceCredential { Keytab = keytab ?? SharedRealm.Instance.ServiceKeytab, Principal = principal };
        return new KerberosTokenValidator(service, domains.Length == 0 ? Home : domains).Validate(ApRequest.Read(ApRequest.Unwrap(gssToken)), gssToken).Token;
    }

    public static byte[] KeyOf(byte[] gssToken) =>
        new KerberosTokenValidator(new KerberosServiceCredential { Keytab = SharedRealm.Instance.ServiceKeytab }, Home)
            .Validate(ApRequest.Read(ApRequest.Unwrap(gssToken)), gssToken).Key;
}
