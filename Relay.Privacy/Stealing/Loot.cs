using Relay.Privacy.Story;
using Relay.Shared.Primitives;

namespace Relay.Privacy.Stealing;

/// <summary>What was copied on the way: every sealed blob that ever lay anywhere when somebody took, and the accounts as they were when first taken whole.</summary>
internal sealed class Loot(Stage stage)
{
    private readonly Dictionary<string, SealedThing> _things = new(StringComparer.Ordinal);
    private IReadOnlyList<AccountCopy> _whole = [];

    public IEnumerable<SealedThing> Things => _things.Values;

    /// <summary>The accounts as they were at <see cref="TakeWhole"/>.</summary>
    public IReadOnlyList<AccountCopy> Whole => _whole;

    public IEnumerable<SealedThing> Of(UtcDay day) => Things.Where(thing => thing.Day == day);

    public void Take()
    {
        foreach (SealedThing thing in stage.Copy().SelectMany(SealedThing.In))
        {
            // Each blob has a salt of its own, so its bytes name it.
            _things[$"{thing.Account.Name} {Convert.ToBase64String(thing.Blob)}"] = thing;
        }
    }

    public void TakeWhole()
    {
        Take();
        _whole = stage.Copy();
    }
}
