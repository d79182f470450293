using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity;

/// <summary>A token that was verified: its key was used or its secret was right, and it is trusted.</summary>
public abstract class VerifiedToken
{
    private protected VerifiedToken()
    {
    }

    /// <summary>Whom the token names.</summary>
    public abstract string Name { get; }

    /// <summary>The claims that the token makes.</summary>
    public abstract ClaimsIdentity Identity { get; }
}

/// <summary>A certificate whose key signed.</summary>
public sealed class X509VerifiedToken : VerifiedToken
{
    internal X509VerifiedToken(X509Certificate2 certificate, string trustDomain, IReadOnlyList<ReadOnlyMemory<byte>> path)
    {
        Certificate = certificate;
        TrustDomain = trustDomain;
        Path = path;
    }

    /// <summary>The certificates in DER by which it was believed: its own, then up to the anchor where it was not accepted by itself.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> Path { get; }

    /// <summary>The certificate; do not dispose it, it is shared.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The trust domain that accepted it; empty for a configured peer certificate.</summary>
    public string TrustDomain { get; }

    /// <summary>The certificate's subject.</summary>
    public override string Name => Certificate.Subject;

    /// <inheritdoc/>
    public override ClaimsIdentity Identity
    {
        get
        {
            var issuer = TrustDomain.Length == 0 ? ClaimsIdentity.DefaultIssuer : TrustDomain;
            return new ClaimsIdentity(
                [
                    new Claim(ClaimTypes.Name, Certificate.Subject, ClaimValueTypes.String, issuer),
                    new Claim(ClaimTypes.X500DistinguishedName, Certificate.Subject, ClaimValueTypes.String, issuer),
                    new Claim(ClaimTypes.Thumbprint, Certificate.Thumbprint, ClaimValueTypes.String, issuer),
                    new Claim(ClaimTypes.SerialNumber, Certificate.SerialNumber, ClaimValueTypes.String, issuer),
                ],
                "X509");
        }
    }
}

/// <summary>A user whose password was right.</summary>
public sealed class UsernameVerifiedToken : VerifiedToken
{
    private readonly IReadOnlyList<Claim> _claims;

    internal UsernameVerifiedToken(string userName, IReadOnlyList<Claim> claims)
    {
        Name = userName;
        _claims = claims;
    }

    /// <summary>The user.</summary>
    public override string Name { get; }

    /// <inheritdoc/>
    public override ClaimsIdentity Identity => new([new Claim(ClaimTypes.Name, Name), .. _claims.Select(claim => claim.Clone())], "UsernameToken");
}
