using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WsSecurity.Tests.Exchanges;

/// <summary>A CA with a list of what it revoked, served on this machine's loopback: the platform reads lists over HTTP alone.</summary>
internal static class Revocation
{
    // The platform keeps lists on disk by issuer and address, across runs that have other keys.
    private static readonly string Run = Guid.NewGuid().ToString("N");

    private static readonly TcpListener Listener = Listen();

    public static X509Certificate2 Ca { get; } = CreateCa();

    public static X509Certificate2 Revoked { get; } = Issue("CN=revoked,O=WsSecurity");

    public static X509Certificate2 Good { get; } = Issue("CN=good,O=WsSecurity");

    private static byte[] List { get; } = CreateList();

    private static X509Certificate2 CreateCa()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN=Revoking CA {Run},O=WsSecurity", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(TestKeys.Now.AddYears(-1), TestKeys.Now.AddYears(10));
    }

    private static X509Certificate2 Issue(string subject)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        var address = $"http://127.0.0.1:{((IPEndPoint)Listener.LocalEndpoint).Port}/{Run}.crl";
        request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([address]));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Ca, true, false));
        using var certificate = request.Create(Ca, TestKeys.Now.AddYears(-1), TestKeys.Now.AddYears(1), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    private static byte[] CreateList()
    {
        var builder = new CertificateRevocationListBuilder();
        builder.AddEntry(Revoked, TestKeys.Now.AddMonths(-1));
        return builder.Build(Ca, new BigInteger(1), TestKeys.Now.AddYears(3), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, TestKeys.Now.AddMonths(-1));
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Task.Run(ServeAsync);
        return listener;
    }

    private static async Task ServeAsync()
    {
        while (true)
        {
            using var client = await Listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            _ = await stream.ReadAtLeastAsync(new byte[4096], 1);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\nContent-Length: {List.Length}\r\nConnection: close\r\n\r\n"));
            await stream.WriteAsync(List);
        }
    }
}
