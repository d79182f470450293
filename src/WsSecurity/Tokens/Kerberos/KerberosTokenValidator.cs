using WsSecurity.Tokens.Kerberos.Gssapi;

namespace WsSecurity.Tokens.Kerberos;

/// <summary>Whether a KDC made a ticket for us, its sender knows its key, and a trust domain names its realm (Kerberos Token Profile 1.1.1, section 3.4).</summary>
internal sealed class KerberosTokenValidator
{
    private readonly KerberosServiceCredential _service;
    private readonly IReadOnlyList<TrustDomain> _domains;

    public KerberosTokenValidator(KerberosServiceCredential service, IReadOnlyList<TrustDomain> domains)
    {
        _service = service;
        _domains = domains;
    }

    /// <exception cref="WsSecurityException">It is refused.</exception>
    public (KerberosVerifiedToken Token, byte[] Key) Validate(ApRequest request, byte[] gssToken)
    {
        var context = Accept(request, gssToken);
        var realm = PrincipalName.RealmOf(context.Client);

        // Realms are compared as they are written (RFC 4120, section 6.1).
        var domain = _domains.FirstOrDefault(domain => domain.KerberosRealms.Contains(realm, StringComparer.Ordinal))
            ?? throw new WsSecurityException(SecurityFailure.RealmNotTrusted, $"The client '{context.Client}' is of a realm that no trust domain names.");
        return (new KerberosVerifiedToken(context.Client, realm, context.Service, context.TicketEnd, domain.Name), context.Key);
    }

    private AcceptedContext Accept(ApRequest request, byte[] gssToken)
    {
        // Anew each time: the library reads the keytab when the credential is made.
        using var credential = AcquireCredential();
        try
        {
            return KerberosMechanism.AcceptContext(credential, gssToken);
        }
        catch (GssapiException exception)
        {
            throw Refuse(request, exception);
        }
    }

    private GssapiCredential AcquireCredential()
    {
        // Replays are ours to find: the library cannot be told that a message was not processed and may come again, and no other host knows what it saw.
        List<(string Key, string Value)> store = [("rcache", "none:")];
        if (_service.Keytab is { } keytab)
        {
            store.Add(("keytab", keytab));
        }

        try
        {
            using var name = KerberosMechanism.Name(_service.Principal);
            return KerberosMechanism.Acquire(name, accepts: true, store);
        }
        catch (GssapiException exception)
        {
            throw new WsSecurityException(SecurityFailure.ServiceKeyUnavailable, $"There is no key of the Kerberos service: {exception.Message}", exception);
        }
    }

    private static WsSecurityException Refuse(ApRequest request, GssapiException exception)
    {
        var (failure, what) = exception.Code switch
        {
            KerberosCode.TicketExpired => (SecurityFailure.TicketExpired, "The Kerberos ticket is expired"),
            KerberosCode.TicketNotYetValid or KerberosCode.TicketInvalid => (SecurityFailure.TicketNotYetValid, "The Kerberos ticket is not valid yet"),
            KerberosCode.Skew => (SecurityFailure.AuthenticatorNotFresh, "The Kerberos authenticator was made at another time than now"),
            KerberosCode.WrongPrincipal or KerberosCode.NotUs or KerberosCode.KeytabNotFound =>
                (SecurityFailure.TicketForAnotherService, "The Kerberos ticket is for another service"),
            KerberosCode.NoKey or KerberosCode.BadKeyVersion or KerberosCode.KeytabVersionNotFound =>
                (SecurityFailure.ServiceKeyUnavailable, "The Kerberos ticket is encrypted by a key that the keytab does not have"),
            KerberosCode.BadIntegrity or KerberosCode.Modified or KerberosCode.BadMatch =>
                (SecurityFailure.TicketNotAuthentic, "The Kerberos ticket or its authenticator is not what the KDC and the client made"),
            _ when exception.IsDefectiveToken => (SecurityFailure.InvalidSecurityToken, "The Kerberos token is broken"),
            _ => (SecurityFailure.TicketNotAuthentic, "The Kerberos ticket is not accepted"),
        };
        return new WsSecurityException(
            failure, $"{what} (service '{request.Service}@{request.Realm}', encryption type {request.EncryptionType}, key version {request.KeyVersion}): {exception.Message}", exception);
    }
}
