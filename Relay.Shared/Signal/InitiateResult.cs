namespace Relay.Shared.Signal;

/// <summary>A record exactly when the outcome is <see cref="SessionOutcome.Success"/>.</summary>
public sealed class InitiateResult
{
    internal InitiateResult(SessionOutcome outcome, SessionRecord? next = null)
    {
        Outcome = outcome;
        Next = next;
    }

    public SessionOutcome Outcome { get; }

    /// <summary>To be stored before anything encrypted with it is sent.</summary>
    public SessionRecord? Next { get; }

    public void Deconstruct(out SessionOutcome outcome, out SessionRecord? next) => (outcome, next) = (Outcome, Next);
}
