// Partition: the business; row "calls", column "signed": Unix milliseconds of the calls that were taken and might still be believed, with commas between them.
using System.Globalization;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Shared.Storage;

namespace Relay.Shared.Stamps;

/// <summary>
/// Table <c>stamps</c>: takes each call of another stamp's manager once, whatever instance it comes to. A call is known by when it was signed, for its business: no two of a signer's have
/// the same time, and of two signers that chose the same millisecond the second is refused and signs anew.
/// </summary>
public sealed class TakenCalls(ITableStore tables, TimeProvider time)
{
    private const string Row = "calls";
    private const string SignedColumn = "signed";
    private const int MaxRaces = 20;

    /// <summary>Nobody registers so many numbers of one business in so short a time.</summary>
    private const int MaxCalls = 2_000;

    /// <summary>Twice as long as a call is believed: instances' clocks differ.</summary>
    private static readonly TimeSpan s_life = RoleSignature.Tolerance + RoleSignature.Tolerance;

    /// <summary>False for one that was taken before.</summary>
    internal async Task<bool> TakeAsync(BusinessId business, DateTimeOffset signed, CancellationToken cancellationToken)
    {
        long call = signed.ToUnixTimeMilliseconds();
        for (int race = 0; race < MaxRaces; race++)
        {
            TableRow? row = await tables.GetAsync(TableNames.Stamps, business.Value, Row, cancellationToken);
            long oldest = (time.GetUtcNow() - s_life).ToUnixTimeMilliseconds();
            long[] taken = [.. Read(row).Where(one => one >= oldest)];
            if (taken.Contains(call) || taken.Length >= MaxCalls)
            {
                return false;
            }

            Dictionary<string, object> columns = new() { [SignedColumn] = string.Join(',', taken.Append(call).Select(one => one.ToString(CultureInfo.InvariantCulture))) };
            TableWrite write = row is null ? TableWrite.Insert(Row, columns) : TableWrite.Replace(Row, row.ETag, columns);
            if ((await tables.CommitAsync(TableNames.Stamps, business.Value, [write], cancellationToken)).IsSaved)
            {
                return true;
            }
        }

        throw new StorageFaultException("call note", TableNames.Stamps, 412, "Raced");
    }

    private static IEnumerable<long> Read(TableRow? row) => row is null
        ? []
        : row.Get<string>(SignedColumn).Split(',', StringSplitOptions.RemoveEmptyEntries).Select(one => long.Parse(one, NumberStyles.None, CultureInfo.InvariantCulture));
}
