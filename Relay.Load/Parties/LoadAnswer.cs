namespace Relay.Load.Parties;

/// <summary>What a business learned of one call: a message id, a refusal with the Cloud API's code, or nothing (both null).</summary>
internal readonly record struct LoadAnswer(string? MessageId, int? Refusal)
{
    /// <summary>No answer, or one that doesn't say what became of the message: it may or may not have been accepted.</summary>
    public static LoadAnswer None => default;

    public bool IsNone => MessageId is null && Refusal is null;
}
