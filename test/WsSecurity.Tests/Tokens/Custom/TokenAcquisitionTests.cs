using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace WsSecurity.Tests.Tokens.Custom;

/// <summary>Tokens that need I/O: acquired once at a time, kept until shortly before they expire.</summary>
public sealed class TokenAcquisitionTests
{
    private static readonly SecurityPolicy Policy = SecurityPolicy.AnonymousForCertificate with
    {
        SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.SignedEncrypted, Type = SecurityTokenType.Custom, Name = "Jwt" }],
    };

    private readonly FakeTimeProvider _time = new(TestKeys.Now);

    [Test]
    public async Task AcquireTokens_TokenThatLasts_IsKeptUntilShortlyBeforeItExpires()
    {
        var provider = new JwtTesting.Provider((_, _) => ValueTask.FromResult<SecurityTokenCredential?>(Token(_time.GetUtcNow().AddHours(1))));
        var initiator = Create(provider);
        await initiator.AcquireTokensAsync(null);
        var first = provider.Calls;
        _time.Advance(TimeSpan.FromMinutes(58));
        await initiator.AcquireTokensAsync(null);
        var kept = provider.Calls;
        _time.Advance(TimeSpan.FromMinutes(1));
        await initiator.AcquireTokensAsync(null);
        Assert.That((first, kept, provider.Calls), Is.EqualTo((1, 1, 2)));
    }

    [Test]
    public async Task AcquireTokens_TokenOfOneMessage_IsAcquiredEachTime()
    {
        var provider = new JwtTesting.Provider((_, _) => ValueTask.FromResult<SecurityTokenCredential?>(Token(null)));
        var initiator = Create(provider);
        await initiator.AcquireTokensAsync(null);
        await initiator.AcquireTokensAsync(null);
        Assert.That(provider.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task AcquireTokens_ManyAtOnce_AskOnce()
    {
        var answer = new TaskCompletionSource<SecurityTokenCredential?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var provider = new JwtTesting.Provider((_, _) => new ValueTask<SecurityTokenCredential?>(answer.Task));
        var initiator = Create(provider);
        var calls = Enumerable.Range(0, 20).Select(_ => initiator.AcquireTokensAsync(null).AsTask()).ToArray();
        answer.SetResult(Token(_time.GetUtcNow().AddHours(1)));
        await Task.WhenAll(calls);
        Assert.That(provider.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task AcquireTokens_OneOfTwoGivesUp_TheOtherGetsTheToken()
    {
        var answer = new TaskCompletionSource<SecurityTokenCredential?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var wasCancelled = false;
        var provider = new JwtTesting.Provider((_, cancellation) =>
        {
            cancellation.Register(() => wasCancelled = true);
            return new ValueTask<SecurityTokenCredential?>(answer.Task);
        });
        var initiator = Create(provider);
        using var impatience = new CancellationTokenSource();
        var impatient = initiator.AcquireTokensAsync(null, impatience.Token).AsTask();
        var patient = initiator.AcquireTokensAsync(null).AsTask();
        await impatience.CancelAsync();
        Assert.That(async () => await impatient, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(wasCancelled, Is.False);
        answer.SetResult(Token(_time.GetUtcNow().AddHours(1)));
        Assert.That(await patient, Is.Not.Null);
    }

    [Test]
    public async Task AcquireTokens_AllGiveUp_CancelsTheProviderAndStartsAnewForTheNext()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isFirst = true;
        var provider = new JwtTesting.Provider(async (_, cancellation) =>
        {
            if (isFirst)
            {
                isFirst = false;
                await Task.Delay(Timeout.Infinite, cancellation).ContinueWith(_ => cancelled.SetResult(), TaskScheduler.Default);
                cancellation.ThrowIfCancellationRequested();
            }

            return Token(null);
        });
        var initiator = Create(provider);
        using var impatience = new CancellationTokenSource();
        var impatient = initiator.AcquireTokensAsync(null, impatience.Token).AsTask();
        while (provider.Calls == 0)
        {
            await Task.Yield();
        }

        await impatience.CancelAsync();
        Assert.That(async () => await impatient, Throws.InstanceOf<OperationCanceledException>());
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(await initiator.AcquireTokensAsync(null), Is.Not.Null);
    }

    [Test]
    public async Task AcquireTokens_ProviderFails_TellsTheCallerAndIsAskedAgain()
    {
        var isDown = true;
        var provider = new JwtTesting.Provider((_, _) => isDown ? throw new HttpRequestException("down") : ValueTask.FromResult<SecurityTokenCredential?>(Token(null)));
        var initiator = Create(provider);
        Assert.That(async () => await initiator.AcquireTokensAsync(null), Throws.InstanceOf<HttpRequestException>());
        isDown = false;
        Assert.That(await initiator.AcquireTokensAsync(null), Is.Not.Null);
    }

    [Test]
    public void AcquireTokens_ProviderGivesAnExpiredToken_FailsWithTokenExpired()
    {
        var initiator = Create(new JwtTesting.Provider((_, _) => ValueTask.FromResult<SecurityTokenCredential?>(Token(_time.GetUtcNow()))));
        Assert.That(async () => await initiator.AcquireTokensAsync(null), Refused.With(SecurityFailure.TokenExpired));
    }

    [Test]
    public async Task AcquireTokens_OperationWithoutTheToken_AsksNobody()
    {
        var provider = new JwtTesting.Provider((_, _) => ValueTask.FromResult<SecurityTokenCredential?>(Token(null)));
        var initiator = Create(provider, Policy with { SupportingTokens = [Policy.SupportingTokens[0] with { Actions = ["urn:add"] }] });
        await initiator.AcquireTokensAsync("urn:other");
        Assert.That(provider.Calls, Is.Zero);
    }

    private static CustomTokenCredential Token(DateTimeOffset? expires) => CustomTokenCredential.Binary(JwtHandler.ValueType, [1], expires);

    private Initiator Create(ISecurityTokenProvider provider, SecurityPolicy? policy = null) => new(
        policy ?? Policy,
        new SecurityCredentials { PeerCertificates = [TestKeys.Public(TestKeys.Service)], TokenProvider = provider },
        new SecurityServices { TimeProvider = _time });
}
