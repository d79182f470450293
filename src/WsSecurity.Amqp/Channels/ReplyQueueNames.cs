namespace WsSecurity.Amqp.Channels;

/// <summary>The queues for replies that channel factories of one binding use, so that no two take each other's.</summary>
internal sealed class ReplyQueueNames
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Takes the queue of a new factory.</summary>
    /// <param name="pattern">A name; one that ends with an asterisk stands for a new name for each factory. null for a queue of the broker's.</param>
    /// <exception cref="InvalidOperationException">Another factory has it.</exception>
    public string? Take(string? pattern)
    {
        if (pattern is null)
        {
            return null;
        }

        var name = pattern.EndsWith('*') ? $"{pattern[..^1]}{Guid.NewGuid():N}" : pattern;
        lock (_taken)
        {
            return _taken.Add(name)
                ? name
                : throw new InvalidOperationException(
                    $"Another channel factory of this binding takes its replies from '{name}', and each would take replies of the other's. A ReplyQueue that ends with an asterisk gives each a queue of its own.");
        }
    }

    public void Return(string? name)
    {
        if (name is not null)
        {
            lock (_taken)
            {
                _taken.Remove(name);
            }
        }
    }
}
