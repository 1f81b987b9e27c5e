using Relay.Shared.Transport.Mailboxes;

namespace Relay.Shared.Transport.Pushes;

/// <summary>
/// Lets one push at a time go to a recipient for each lane of senders, the oldest that waits first: so what one sender sent in order comes
/// in order. Within this process and without retries only; the recipient must not depend on it.
/// </summary>
public sealed class PushTurns
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    internal async Task<IDisposable> EnterAsync(PushReference reference, CancellationToken cancellationToken)
    {
        string name = reference.Recipient + EnvelopeHandle.LaneOf(reference.Handle);
        Waiting own = new(reference.Handle);
        lock (_lock)
        {
            if (!_lanes.TryGetValue(name, out Lane? lane))
            {
                _lanes[name] = lane = new Lane();
            }

            if (lane.IsTaken)
            {
                lane.Waiting.Add(own);
            }
            else
            {
                lane.IsTaken = true;
                own.Turn.SetResult();
            }
        }

        // Asked for in the caller's order, worked on beside it.
        await Task.Yield();
        using (cancellationToken.Register(() => own.Turn.TrySetCanceled(cancellationToken)))
        {
            await own.Turn.Task;
        }

        return new Holder(this, name);
    }

    /// <summary>Gives the turn to the oldest that still waits for it.</summary>
    private void Leave(string name)
    {
        while (Next(name) is { } next)
        {
            if (next.Turn.TrySetResult())
            {
                return;
            }
        }
    }

    /// <summary>Null when nobody waits: then the lane is gone.</summary>
    private Waiting? Next(string name)
    {
        lock (_lock)
        {
            Lane lane = _lanes[name];
            if (lane.Waiting.MinBy(waiting => waiting.Handle, StringComparer.Ordinal) is { } next)
            {
                lane.Waiting.Remove(next);
                return next;
            }

            _lanes.Remove(name);
            return null;
        }
    }

    private sealed class Lane
    {
        public bool IsTaken { get; set; }

        public List<Waiting> Waiting { get; } = [];
    }

    private sealed class Waiting(string handle)
    {
        public string Handle { get; } = handle;

        /// <summary>Completed outside the lock: who waits goes on at once.</summary>
        public TaskCompletionSource Turn { get; } = new();
    }

    private sealed class Holder(PushTurns turns, string name) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (!_left)
            {
                _left = true;
                turns.Leave(name);
            }
        }
    }
}
