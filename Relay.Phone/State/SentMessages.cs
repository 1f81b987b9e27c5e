namespace Relay.Phone.State;

/// <summary>What was sent to one correspondent and not confirmed by it: 30 days, 100 messages and 256 KiB at most, the oldest go first.</summary>
internal sealed class SentMessages : IDisposable
{
    internal const int MaxCount = 100;
    internal const int MaxBytes = 256 * 1024;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Oldest first.</summary>
    public List<SentMessage> Messages { get; init; } = [];

    internal int Count => Messages.Count;

    internal SentMessage? FindByEnvelope(string envelopeId) => Messages.Find(message => message.Envelopes.Contains(envelopeId));

    internal void Add(SentMessage message)
    {
        Messages.Add(message);
        int bytes = Messages.Sum(kept => kept.Content.Length);
        while (Messages.Count > MaxCount || bytes > MaxBytes)
        {
            bytes -= Messages[0].Content.Length;
            Remove(Messages[0]);
        }
    }

    internal void Remove(SentMessage message)
    {
        Messages.Remove(message);
        message.Dispose();
    }

    /// <summary>Forgets messages by their ids: whoever has them won't ask.</summary>
    internal void Forget(IEnumerable<string> ids)
    {
        foreach (SentMessage message in Messages.Where(message => ids.Contains(message.Id)).ToList())
        {
            Remove(message);
        }
    }

    internal void ForgetOld(DateTimeOffset now)
    {
        foreach (SentMessage message in Messages.Where(message => now - message.SentAt >= Kept).ToList())
        {
            Remove(message);
        }
    }

    public void Dispose() => Messages.ForEach(message => message.Dispose());
}
