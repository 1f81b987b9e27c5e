namespace Relay.Privacy.Reporting;

/// <summary>What <c>./relay privacy-check</c> proves.</summary>
internal sealed class Promises
{
    public Promise NothingInClear { get; } = new("No number, content, name, token or key is ever in clear, in storage, queues or logs");

    public Promise ReadableBefore { get; } = new("Before its days are over, what was stolen with the vault's help does open (so the next two can fail)");

    public Promise DeadAtThirtyDays { get; } = new("At +30 d 0 h nothing of a day opens from copies of all tables but dek, with the live vault and no rule kept");

    public Promise DeadWithItsMonth { get; } = new("With a copy of dek too, nothing opens once the month's key-encryption key is gone");

    public Promise LookupsEnd { get; } = new("No lookup row or key is older than 61 days, and after that no guessed number can be confirmed");

    public Promise NothingLeft { get; } = new("Of users who fell silent, were never reached or were erased, nothing is left after their days");

    public Promise ForgeriesRefused { get; } = new("Planted, swapped, unsigned and replayed rows of dek are refused and never used");

    public Promise ReceiptsVerify { get; } = new("Each day that is gone and each erasure has a receipt in time, which the published public key verifies");

    public IReadOnlyList<Promise> All => [NothingInClear, ReadableBefore, DeadAtThirtyDays, DeadWithItsMonth, LookupsEnd, NothingLeft, ForgeriesRefused, ReceiptsVerify];

    public bool Hold => All.All(promise => promise.Holds);
}
