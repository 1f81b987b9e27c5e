using System.Text.Json.Serialization;

namespace Relay.Shared.Transport.Wire;

/// <summary>Asks for what was published over all businesses.</summary>
/// <param name="Since">A day (yyyy-MM-dd): from its week on, at most 60 weeks.</param>
public sealed record StatisticsRequest([property: JsonPropertyName("since")] string Since);

/// <param name="Weeks">Oldest first.</param>
public sealed record StatisticsResponse([property: JsonPropertyName("weeks")] IReadOnlyList<StatisticsWeek> Weeks);

/// <param name="Week">As ISO 8601 writes it, e.g. 2026-W48.</param>
/// <param name="Numbers">What could be published; empty where all was too small.</param>
public sealed record StatisticsWeek(
    [property: JsonPropertyName("week")] string Week,
    [property: JsonPropertyName("numbers")] IReadOnlyList<StatisticsNumber> Numbers);

/// <param name="Measure"><c>users_messaged</c> or <c>users_served</c>.</param>
/// <param name="Day">A day (yyyyMMdd), or <c>ALL</c> for the week: user-days.</param>
/// <param name="Users">With noise, in tens, 20 at least.</param>
public sealed record StatisticsNumber(
    [property: JsonPropertyName("measure")] string Measure,
    [property: JsonPropertyName("day")] string Day,
    [property: JsonPropertyName("users")] long Users);
