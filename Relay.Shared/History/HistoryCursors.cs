using System.Buffers.Text;
using System.Text;
using Relay.Shared.Primitives;

namespace Relay.Shared.History;

/// <summary>
/// Cursors: encrypted text, bound to the business and to what they page through (a number's history, one entry's events). Any other is refused.
/// </summary>
public sealed class HistoryCursors(OpaqueBytes opaque)
{
    private const string Purpose = "relay history cursor";
    private const int MaxLength = 400;

    internal async ValueTask<string> CreateAsync(BusinessId business, string context, string position, CancellationToken cancellationToken) =>
        Base64Url.EncodeToString(await opaque.SealAsync(business, Purpose, context, Encoding.ASCII.GetBytes(position), cancellationToken));

    /// <summary>The position, or null: not a cursor of this business and context.</summary>
    internal async ValueTask<string?> ReadAsync(BusinessId business, string context, string cursor, CancellationToken cancellationToken)
    {
        if (cursor.Length is 0 or > MaxLength || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        byte[] bytes = Base64Url.DecodeFromChars(cursor);
        return Base64Url.EncodeToString(bytes) == cursor && await opaque.OpenAsync(business, Purpose, context, bytes, cancellationToken) is { } plain
            ? Encoding.ASCII.GetString(plain)
            : null;
    }
}
