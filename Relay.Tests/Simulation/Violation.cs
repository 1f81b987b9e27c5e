namespace Relay.Tests.Simulation;

/// <summary>Which promise was broken.</summary>
internal enum Promise
{
    /// <summary>A ratchet key's counter left with two ciphertexts.</summary>
    OneCounterOnePlaintext,

    /// <summary>A message id left under two counters.</summary>
    OneMessageOneCounter,

    /// <summary>What was accepted from the business came to the device, once.</summary>
    AcceptedComes,

    /// <summary>What a user sent was told.</summary>
    UserIsHeard,

    /// <summary>Every accepted message's statuses were told.</summary>
    StatusesAreTold,

    /// <summary>A webhook that is told again has the same id and the same body.</summary>
    RepeatsAreTheSame,

    /// <summary>A message's state never goes back.</summary>
    NeverBackwards,

    /// <summary>Nothing pending, queued, parked or poisoned is left.</summary>
    NothingIsLeft,

    /// <summary>Functions let out only faults of what they depend on.</summary>
    NoFaultOfOurs,
}

/// <param name="Promise">Which.</param>
/// <param name="Text">How, without content.</param>
internal sealed record Violation(Promise Promise, string Text)
{
    public override string ToString() => $"{Promise}: {Text}";
}
