using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Relay.Shared.Primitives;

namespace Relay.Shared.Graph.Paging;

/// <summary>What a request for a list says of its pages: as it came, and not checked yet.</summary>
public sealed record ListRequest
{
    public const int DefaultLimit = 25;
    public const int MaxLimit = 1_000;
    private const int MaxCursor = 128;

    /// <summary>The request's path, escaped: the addresses of the pages around this one start with it.</summary>
    public required string Path { get; init; }

    public string Fields { get; init; } = string.Empty;

    public string Limit { get; init; } = string.Empty;

    public string After { get; init; } = string.Empty;

    public string Before { get; init; } = string.Empty;

    /// <summary>What else the addresses of the pages around this one repeat.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Others { get; init; } = [];

    /// <summary>Says which page it is; <c>after</c> wins over <c>before</c>.</summary>
    public Result<ListPosition, GraphError> Read()
    {
        int limit = DefaultLimit;
        if (Limit.Length > 0 && (!int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            return GraphErrorCode.InvalidParameter.Because($"limit must be a number from 1 to {MaxLimit}.");
        }

        string? after = null;
        string? before = null;
        if ((After.Length > 0 && (after = Decode(After)) is null) || (Before.Length > 0 && (before = Decode(Before)) is null))
        {
            return GraphErrorCode.InvalidParameter.Because("after and before must be cursors that a page of this list gave.");
        }

        return new ListPosition(limit, after, after is null ? before : null);
    }

    internal static string Encode(string key) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(key));

    /// <summary>Null for what is no cursor: letters and digits in base64url.</summary>
    private static string? Decode(string cursor)
    {
        Span<byte> bytes = stackalloc byte[MaxCursor];
        if (cursor.Length is 0 or > MaxCursor
            || !Base64Url.IsValid(cursor)
            || Base64Url.DecodeFromChars(cursor, bytes, out _, out int written) != OperationStatus.Done)
        {
            return null;
        }

        string key = Encoding.ASCII.GetString(bytes[..written]);
        return key.Length > 0 && key.All(char.IsAsciiLetterOrDigit) ? key : null;
    }
}
