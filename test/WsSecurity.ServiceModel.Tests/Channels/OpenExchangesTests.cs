using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using System.Xml;
using WsSecurity.ServiceModel.Channels;

namespace WsSecurity.ServiceModel.Tests.Channels;

internal sealed class OpenExchangesTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Take_OfAnOpenExchange_GivesItOnce()
    {
        using var exchanges = new OpenExchanges<Exchange>(_time);
        var (id, exchange) = (new UniqueId(), new Exchange());
        exchanges.Add(id, exchange, TimeSpan.FromMinutes(1));

        Assert.That(exchanges.Take(id), Is.SameAs(exchange));
        Assert.That(exchanges.Take(id), Is.Null);
        Assert.That(exchange.IsDisposed, Is.False);
    }

    [Test]
    public void Add_LaterThanATimeout_EndsTheOverdue()
    {
        using var exchanges = new OpenExchanges<Exchange>(_time);
        var (overdue, patient, endless) = (new Exchange(), new Exchange(), new Exchange());
        exchanges.Add(new UniqueId(), overdue, TimeSpan.FromSeconds(5));
        exchanges.Add(new UniqueId(), patient, TimeSpan.FromMinutes(5));
        exchanges.Add(new UniqueId(), endless, TimeSpan.MaxValue);
        _time.Advance(TimeSpan.FromSeconds(6));
        exchanges.Add(new UniqueId(), new Exchange(), TimeSpan.FromSeconds(5));

        Assert.That((overdue.IsDisposed, patient.IsDisposed, endless.IsDisposed), Is.EqualTo((true, false, false)));
    }

    [Test]
    public void Add_IdInUse_RefusesAndEndsTheSecond()
    {
        using var exchanges = new OpenExchanges<Exchange>(_time);
        var (id, first, second) = (new UniqueId(), new Exchange(), new Exchange());
        exchanges.Add(id, first, TimeSpan.FromMinutes(1));

        Assert.Throws<InvalidOperationException>(() => exchanges.Add(id, second, TimeSpan.FromMinutes(1)));
        Assert.That((first.IsDisposed, second.IsDisposed), Is.EqualTo((false, true)));
    }

    [Test]
    public void Dispose_EndsAllAndTakesNoMore()
    {
        var exchanges = new OpenExchanges<Exchange>(_time);
        var (first, late) = (new Exchange(), new Exchange());
        exchanges.Add(new UniqueId(), first, TimeSpan.FromMinutes(1));
        exchanges.Dispose();

        Assert.That(first.IsDisposed, Is.True);
        Assert.Throws<ObjectDisposedException>(() => exchanges.Add(new UniqueId(), late, TimeSpan.FromMinutes(1)));
        Assert.That(late.IsDisposed, Is.True);
    }

    private sealed class Exchange : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
