namespace WsSecurity.Tokens.X509;

/// <summary>The trust domain that accepts a certificate, and the path from it to the anchor, in DER.</summary>
internal sealed record AcceptedCertificate(string Domain, IReadOnlyList<ReadOnlyMemory<byte>> Path);
