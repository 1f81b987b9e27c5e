using System.Text.Json.Serialization;

namespace Relay.Shared.Integrity.Watching;

/// <summary>What a business is told of how it stands.</summary>
/// <param name="Tier">As the transport names it.</param>
/// <param name="Quality">As the transport names it.</param>
/// <param name="IsRestricted">Whether the operator has stopped it.</param>
internal sealed record StandingFacts(string Tier, string Quality, bool IsRestricted);

/// <summary>
/// What a business was last told, row <c>standing</c> of table <c>details</c>. While <see cref="Before"/> is there, the change from it to <see cref="Now"/> is still to be told:
/// what happens meanwhile waits, so a change that was once seen is told whatever breaks.
/// </summary>
/// <param name="Now">How it stood.</param>
/// <param name="Before">What it was told before; null when it has been told.</param>
/// <param name="Change">The number of the change: names its rows.</param>
/// <param name="At">When it was seen, in Unix seconds.</param>
internal sealed record ToldStanding(StandingFacts Now, StandingFacts? Before, long Change, long At);

[JsonSerializable(typeof(ToldStanding))]
internal sealed partial class ToldStandingJson : JsonSerializerContext;
