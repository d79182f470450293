using Amqp;

namespace WsSecurity.Amqp.Channels;

internal static class SessionExtensions
{
    /// <summary>Closes a session without waiting for the broker.</summary>
    public static void End(this Session session)
    {
        if (!session.IsClosed)
        {
            session.CloseAsync(TimeSpan.Zero, null).ContinueWith(static closing => closing.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
