using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Relay.Shared.Signal;

/// <summary>Plaintext and record exactly when <see cref="IsSuccess"/>; otherwise nothing changed.</summary>
[DebuggerDisplay("{Outcome}")]
public sealed class DecryptResult
{
    internal DecryptResult(SessionOutcome outcome) => Outcome = outcome;

    internal DecryptResult(byte[] plaintext, SessionRecord next, PreKeyUse? opened = null)
    {
        Plaintext = plaintext;
        Next = next;
        Opened = opened;
    }

    [MemberNotNullWhen(true, nameof(Plaintext), nameof(Next))]
    public bool IsSuccess => Outcome == SessionOutcome.Success;

    public SessionOutcome Outcome { get; }

    public byte[]? Plaintext { get; }

    /// <summary>To be stored in one transaction with what <see cref="Opened"/> asks for.</summary>
    public SessionRecord? Next { get; }

    /// <summary>The pre-keys this message consumed, when it opened a session.</summary>
    public PreKeyUse? Opened { get; }

    /// <summary>The one-time pre-key this message consumed, when it opened a session with one.</summary>
    public uint? UsedPreKeyId => Opened?.OneTimePreKeyId;

    public override string ToString() => Outcome.ToString();

    public void Deconstruct(out SessionOutcome outcome, out byte[]? plaintext, out SessionRecord? next, out uint? usedPreKeyId) =>
        (outcome, plaintext, next, usedPreKeyId) = (Outcome, Plaintext, Next, UsedPreKeyId);
}
