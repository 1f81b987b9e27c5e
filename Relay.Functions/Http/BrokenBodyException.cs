namespace Relay.Functions.Http;

/// <summary>A streamed body ended otherwise than with its end; a stream can't say so in another way.</summary>
internal sealed class BrokenBodyException(BodyOutcome outcome) : Exception("A request's body did not come whole.")
{
    public BodyOutcome Outcome { get; } = outcome;
}
