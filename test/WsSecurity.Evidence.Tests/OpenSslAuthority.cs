using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace WsSecurity.Evidence.Tests;

/// <summary>A time-stamping authority on loopback: <c>openssl ts</c> makes the tokens, Kestrel carries them.</summary>
internal sealed class OpenSslAuthority : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _server;
    private int _requests;

    private OpenSslAuthority()
    {
        File.WriteAllText(_folder.File("authority.pem"), Keys.Pem(Keys.TimestampAuthority));
        File.WriteAllText(_folder.File("serial"), "01");
        File.WriteAllText(_folder.File("ts.cnf"), $"""
            [tsa]
            default_tsa = authority
            [authority]
            serial = {_folder.File("serial")}
            crypto_device = builtin
            signer_cert = {_folder.File("authority.pem")}
            signer_key = {_folder.File("authority.pem")}
            signer_digest = sha256
            default_policy = 1.2.3.4.1
            digests = sha256
            accuracy = secs:1
            ess_cert_id_alg = sha256
            """);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Urls.Add("http://127.0.0.1:0");
        _server.MapPost("/", AnswerAsync);
    }

    public Uri Address => new(_server.Services.GetService(typeof(Microsoft.AspNetCore.Hosting.Server.IServer)) is Microsoft.AspNetCore.Hosting.Server.IServer server
        ? server.Features.Get<IServerAddressesFeature>()!.Addresses.Single()
        : throw new InvalidOperationException("The authority does not run."));

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Changes what goes out; null: nothing is changed.</summary>
    public Func<byte[], byte[]>? Change { get; set; }

    public static async Task<OpenSslAuthority> StartAsync()
    {
        Peers.DemandOpenSsl();
        var authority = new OpenSslAuthority();
        await authority._server.StartAsync();
        return authority;
    }

    /// <summary>Has openssl verify a token about some octets.</summary>
    public async Task<string> VerifyAsync(byte[] token, byte[] data)
    {
        await File.WriteAllBytesAsync(_folder.File("token"), token);
        await File.WriteAllBytesAsync(_folder.File("data"), data);
        await File.WriteAllTextAsync(_folder.File("ca.pem"), Keys.TimestampCa.ExportCertificatePem());
        return await RunAsync("ts", "-verify", "-in", _folder.File("token"), "-token_in", "-data", _folder.File("data"), "-CAfile", _folder.File("ca.pem"));
    }

    /// <summary>Has openssl verify a checkpoint.</summary>
    public async Task<string> VerifyCheckpointAsync(byte[] signature, byte[] header)
    {
        await File.WriteAllBytesAsync(_folder.File("p7s"), signature);
        await File.WriteAllBytesAsync(_folder.File("header"), header);
        await File.WriteAllTextAsync(_folder.File("host.pem"), Keys.Host.ExportCertificatePem());
        return await RunAsync(
            "cms", "-verify", "-inform", "DER", "-in", _folder.File("p7s"), "-binary", "-content", _folder.File("header"), "-CAfile", _folder.File("host.pem"), "-purpose", "any", "-out", _folder.File("out"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var number = Interlocked.Increment(ref _requests);
        var (query, reply) = (_folder.File($"query{number}"), _folder.File($"reply{number}"));
        var file = File.Create(query);
        await using (file)
        {
            await context.Request.Body.CopyToAsync(file);
        }

        await RunAsync("ts", "-reply", "-queryfile", query, "-config", _folder.File("ts.cnf"), "-out", reply);
        var octets = await File.ReadAllBytesAsync(reply);
        context.Response.ContentType = "application/timestamp-reply";
        await context.Response.Body.WriteAsync(Change?.Invoke(octets) ?? octets);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Peers.OpenSsl!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var text = await output + await error;
        Assert.That(process.ExitCode, Is.Zero, text);
        return text;
    }
}
