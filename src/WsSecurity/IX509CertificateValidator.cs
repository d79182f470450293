using System.Security.Cryptography.X509Certificates;

namespace WsSecurity;

/// <summary>
/// Decides on the certificates of signers in place of a trust domain's anchors. Asked for each message, after its signature has proved that the sender
/// holds the key, and before anything else happens with it. Safe to call from several threads.
/// </summary>
public interface IX509CertificateValidator
{
    /// <summary>Whether the signer is trusted. An exception refuses the message.</summary>
    /// <param name="certificate">The signer's certificate; nothing but its key usage was checked.</param>
    bool IsTrusted(X509Certificate2 certificate);
}
