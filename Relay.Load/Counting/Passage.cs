namespace Relay.Load.Counting;

/// <summary>Which way a message goes.</summary>
internal enum Way
{
    /// <summary>From the business through the Cloud API to a device.</summary>
    ToUser,

    /// <summary>From a device to the business's webhook.</summary>
    ToBusiness,
}

/// <summary>One message of a run and what became of it. Times are timestamps of the run's clock; all members are guarded by the instance.</summary>
internal sealed class Passage(Way way, string text, long due)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    public Way Way { get; } = way;

    /// <summary>No other message of the run has it.</summary>
    public string Text { get; } = text;

    /// <summary>When it was to be sent: what every duration counts from.</summary>
    public long Due { get; } = due;

    /// <summary>Whether its calls carried an idempotency key, so that repeats may not make a second message.</summary>
    public bool IsKeyed { get; init; }

    /// <summary>When it was acknowledged: answered with 200, or durable at the device.</summary>
    public long? Accepted { get; private set; }

    /// <summary>When it came out at the other end for the first time.</summary>
    public long? Arrived { get; private set; }

    /// <summary>The <c>wamid</c> of the acknowledged one, to the user only.</summary>
    public string? MessageId { get; private set; }

    /// <summary>Calls that nobody answered: each may have been accepted or not.</summary>
    public int Unanswered { get; private set; }

    /// <summary>Why it was refused.</summary>
    public string? Refusal { get; private set; }

    /// <summary>How many different messages with this text came out.</summary>
    public int Copies
    {
        get
        {
            lock (_ids)
            {
                return _ids.Count;
            }
        }
    }

    /// <summary>How many may come out: one for the acknowledgement, and without a key one for each call that nobody answered.</summary>
    public int Allowed
    {
        get
        {
            lock (_ids)
            {
                int acknowledged = Accepted is null ? 0 : 1;
                return IsKeyed ? Math.Min(1, acknowledged + Unanswered) : acknowledged + Unanswered;
            }
        }
    }

    public void Accept(long at, string? messageId)
    {
        lock (_ids)
        {
            (Accepted, MessageId) = (at, messageId);
        }
    }

    public void Refuse(string reason)
    {
        lock (_ids)
        {
            Refusal = reason;
        }
    }

    public void LeaveUnanswered()
    {
        lock (_ids)
        {
            Unanswered++;
        }
    }

    /// <summary>False when this very message came out before.</summary>
    public bool Arrive(long at, string id)
    {
        lock (_ids)
        {
            Arrived ??= at;
            return _ids.Add(id);
        }
    }
}
