using System.Globalization;
using System.Text.Json.Serialization;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Integrity;

/// <summary>What the transport has published over all businesses, for whoever administers any of them: it identifies nobody.</summary>
public sealed class ListStatistics(TransportClient transport, TransportOperator by, TimeProvider time)
{
    /// <summary>Without a day: the last weeks.</summary>
    private const int UsualDays = 56;

    /// <param name="since">A day (yyyy-MM-dd), or empty.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Result<StatisticsAnswer, GraphError>> ExecuteAsync(string since, CancellationToken cancellationToken)
    {
        DateOnly day = UtcDay.Today(time).AddDays(-UsualDays).Date;
        if (since.Length > 0 && !DateOnly.TryParseExact(since, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
        {
            return GraphErrorCode.InvalidParameter.Because("since must be a day such as 2026-11-23.");
        }

        TransportResult<StatisticsResponse> said = await transport.ListStatisticsAsync(by.Signer, day, cancellationToken);
        return said.IsSuccess
            ? new StatisticsAnswer([
                .. from week in said.Value.Weeks
                   from number in week.Numbers
                   select new StatisticsItem(week.Week, number.Measure, number.Day, number.Users)])
            : throw new HttpRequestException("The transport doesn't tell its statistics.");
    }
}

/// <param name="Data">Oldest week first.</param>
public sealed record StatisticsAnswer([property: JsonPropertyName("data")] IReadOnlyList<StatisticsItem> Data);

/// <param name="Week">As ISO 8601 writes it, e.g. 2026-W48.</param>
/// <param name="Measure"><c>users_messaged</c> or <c>users_served</c> (within a service window).</param>
/// <param name="Day">A day (yyyyMMdd), or <c>ALL</c> for the week.</param>
/// <param name="Users">User-days, with noise, in tens.</param>
public sealed record StatisticsItem(
    [property: JsonPropertyName("week")] string Week,
    [property: JsonPropertyName("measure")] string Measure,
    [property: JsonPropertyName("day")] string Day,
    [property: JsonPropertyName("users")] long Users);

[JsonSerializable(typeof(StatisticsAnswer))]
public sealed partial class IntegrityJson : JsonSerializerContext;
