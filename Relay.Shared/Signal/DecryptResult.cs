using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Relay.Shared.Signal;

/// <summary>Plaintext and record exactly when <see cref="IsSuccess"/>; otherwise nothing changed.</summary>
[DebuggerDisplay("{Outcome}")]
public sealed class DecryptResult
{
    internal DecryptResult(SessionOutcome outcome) => Outcome = outcome;

    internal DecryptResult(byte[] plaintext, SessionRecord next, uint? usedPreKeyId)
    {
        Plaintext = plaintext;
        Next = next;
        UsedPreKeyId = usedPreKeyId;
    }

    [MemberNotNullWhen(true, nameof(Plaintext), nameof(Next))]
    public bool IsSuccess => Outcome == SessionOutcome.Success;

    public SessionOutcome Outcome { get; }

    public byte[]? Plaintext { get; }

    /// <summary>To be stored in one transaction with the delete of <see cref="UsedPreKeyId"/>.</summary>
    public SessionRecord? Next { get; }

    /// <summary>The one-time pre-key this message consumed, when it opened a session with one.</summary>
    public uint? UsedPreKeyId { get; }

    public override string ToString() => Outcome.ToString();

    public void Deconstruct(out SessionOutcome outcome, out byte[]? plaintext, out SessionRecord? next, out uint? usedPreKeyId) =>
        (outcome, plaintext, next, usedPreKeyId) = (Outcome, Plaintext, Next, UsedPreKeyId);
}
