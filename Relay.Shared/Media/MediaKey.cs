using System.Globalization;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Media;

/// <summary>
/// A row of table <c>media</c>: PartitionKey the business, RowKey <c>{yyyyMMddHHmm}-{file}</c> with the minute from which on it is to go. What is due is therefore the
/// front of a partition.
/// </summary>
internal readonly record struct MediaKey(BusinessId Business, DateTimeOffset DueAt, MediaFileId File)
{
    private const int MinuteLength = 12;
    private const string MinuteFormat = "yyyyMMddHHmm";

    internal string Row => $"{Minute(DueAt)}-{File.Hex}";

    internal static MediaKey Of(BusinessId business, MediaLocator locator) => new(business, locator.ExpiresAt, locator.File);

    internal static bool TryParse(BusinessId business, string row, out MediaKey key)
    {
        key = default;
        if (row.Length <= MinuteLength || row[MinuteLength] != '-'
            || !DateTimeOffset.TryParseExact(row.AsSpan(0, MinuteLength), MinuteFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset due)
            || !MediaFileId.TryParse(row.AsSpan(MinuteLength + 1), out MediaFileId file))
        {
            return false;
        }

        key = new MediaKey(business, due, file);
        return true;
    }

    /// <summary>Rows that are due at <paramref name="now"/>.</summary>
    internal static TableRange DueBy(BusinessId business, DateTimeOffset now, int limit) => new(business.Value, null, Minute(now) + "~", limit);

    internal static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString(MinuteFormat, CultureInfo.InvariantCulture);

    /// <summary>The next whole minute.</summary>
    internal static DateTimeOffset Ceiling(DateTimeOffset at) => new(((at.UtcTicks + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute) * TimeSpan.TicksPerMinute, TimeSpan.Zero);
}
