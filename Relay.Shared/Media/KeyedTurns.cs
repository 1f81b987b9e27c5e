namespace Relay.Shared.Media;

/// <summary>Lets one at a time in this process fetch or encrypt one file; the others then find it done. An optimisation only: two processes may do the same twice.</summary>
internal sealed class KeyedTurns
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.Ordinal);

    internal async Task<IDisposable> EnterAsync(string key, CancellationToken cancellationToken)
    {
        Turn turn;
        lock (_lock)
        {
            if (!_turns.TryGetValue(key, out Turn? found))
            {
                _turns[key] = found = new Turn(this, key);
            }

            found.Users++;
            turn = found;
        }

        try
        {
            await turn.Free.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Leave(turn);
            throw;
        }

        return turn;
    }

    private void Leave(Turn turn)
    {
        lock (_lock)
        {
            if (--turn.Users == 0)
            {
                _turns.Remove(turn.Key);
            }
        }
    }

    private sealed class Turn(KeyedTurns turns, string key) : IDisposable
    {
        internal string Key { get; } = key;

        internal SemaphoreSlim Free { get; } = new(1, 1);

        internal int Users { get; set; }

        /// <summary>Ends the turn of who holds it.</summary>
        public void Dispose()
        {
            Free.Release();
            turns.Leave(this);
        }
    }
}
