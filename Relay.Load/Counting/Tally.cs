namespace Relay.Load.Counting;

/// <summary>The messages of one way in numbers.</summary>
internal sealed record Tally
{
    public required int Accepted { get; init; }

    /// <summary>By the Cloud API's code, or the device's reason.</summary>
    public required IReadOnlyDictionary<string, int> Refused { get; init; }

    /// <summary>Calls without an answer; the client repeated each.</summary>
    public required int UnansweredCalls { get; init; }

    /// <summary>Messages of which no call was ever answered: they may come or not.</summary>
    public required int NeverAnswered { get; init; }

    /// <summary>Accepted ones that came out.</summary>
    public required int Delivered { get; init; }

    /// <summary>Accepted ones that ended as <c>failed</c>, and were told so.</summary>
    public required int Failed { get; init; }

    /// <summary>Accepted ones that did neither.</summary>
    public required int Lost { get; init; }

    /// <summary>Further copies that calls without an answer explain.</summary>
    public required int ExplainedCopies { get; init; }

    /// <summary>Further copies that nothing explains.</summary>
    public required int UnexplainedCopies { get; init; }

    /// <summary>To the user only: those that came out and whose <c>delivered</c> was never told.</summary>
    public required int Untold { get; init; }

    public static Tally Of(Ledger ledger, Way way)
    {
        List<Passage> all = [.. ledger.Passages.Where(passage => passage.Way == way)];
        List<Passage> accepted = [.. all.Where(passage => passage.Accepted is not null)];
        int delivered = accepted.Count(passage => passage.Arrived is not null);
        int failed = accepted.Count(passage => passage.Arrived is null && Settlement.IsFailed(ledger, passage));
        return new Tally
        {
            Accepted = accepted.Count,
            Refused = all.Where(passage => passage.Refusal is not null).CountBy(passage => passage.Refusal ?? "").ToDictionary(),
            UnansweredCalls = all.Sum(passage => passage.Unanswered),
            NeverAnswered = all.Count(passage => passage is { Accepted: null, Refusal: null }),
            Delivered = delivered,
            Failed = failed,
            Lost = accepted.Count - delivered - failed,
            ExplainedCopies = all.Sum(passage => Math.Max(0, Math.Min(passage.Copies, passage.Allowed) - 1)),
            UnexplainedCopies = all.Sum(passage => Math.Max(0, passage.Copies - passage.Allowed)),
            Untold = accepted.Count(passage => passage.Arrived is not null && Settlement.At(ledger, passage) is null),
        };
    }
}
