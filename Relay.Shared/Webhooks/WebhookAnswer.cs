namespace Relay.Shared.Webhooks;

/// <summary>What an endpoint said to a delivery.</summary>
/// <param name="Status">The HTTP status; 0 when there was no answer in time.</param>
/// <param name="RetryAfter">When it wants to be asked again, if it said so.</param>
public readonly record struct WebhookAnswer(int Status, TimeSpan? RetryAfter)
{
    private const int GoneStatus = 410;

    /// <summary>Any 2xx. A redirect is a failure and never followed.</summary>
    public bool IsDelivered => Status is >= 200 and < 300;

    /// <summary>Whether it was given up because the time was over.</summary>
    public bool IsLate { get; init; }

    /// <summary>The endpoint wants no more.</summary>
    public bool IsGone => Status == GoneStatus;
}
