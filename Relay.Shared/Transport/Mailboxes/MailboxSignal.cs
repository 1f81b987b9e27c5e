using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Mailboxes;

/// <summary>Wakes the fetches that wait in this process. A convenience: other processes find an envelope by looking.</summary>
public sealed class MailboxSignal
{
    private readonly Lock _gate = new();
    private readonly Dictionary<NumberHash, List<Subscription>> _waiting = [];

    /// <summary>Begins to listen; do so before looking, so that nothing falls in between.</summary>
    internal Subscription Subscribe(NumberHash recipient)
    {
        Subscription subscription = new(this, recipient);
        lock (_gate)
        {
            if (!_waiting.TryGetValue(recipient, out List<Subscription>? others))
            {
                _waiting[recipient] = others = [];
            }

            others.Add(subscription);
        }

        return subscription;
    }

    internal void Raise(NumberHash recipient)
    {
        lock (_gate)
        {
            foreach (Subscription subscription in _waiting.GetValueOrDefault(recipient, []))
            {
                subscription.Raise();
            }
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(subscription.Recipient, out List<Subscription>? others) && others.Remove(subscription) && others.Count == 0)
            {
                _waiting.Remove(subscription.Recipient);
            }
        }
    }

    internal sealed class Subscription(MailboxSignal signal, NumberHash recipient) : IDisposable
    {
        private readonly TaskCompletionSource _raised = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal NumberHash Recipient { get; } = recipient;

        /// <summary>Returns when raised or when the time is over, whichever is first.</summary>
        internal async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
        {
            using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(_raised.Task, Task.Delay(atMost, time, done.Token));
            await done.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }

        public void Dispose() => signal.Remove(this);

        internal void Raise() => _raised.TrySetResult();
    }
}
