namespace Relay.Shared.Stamps;

/// <summary>Which regions of the Cloud API's local storage other stamps serve, and at which address. Every region that isn't in it is this stamp's own.</summary>
public sealed class StampMap
{
    public static readonly StampMap None = new([]);

    private readonly Dictionary<string, Uri> _elsewhere;

    private StampMap(Dictionary<string, Uri> elsewhere) => _elsewhere = elsewhere;

    public bool IsEmpty => _elsewhere.Count == 0;

    /// <summary>Reads <c>CH=https://…;DE=https://…</c>; null when it is malformed.</summary>
    public static StampMap? TryParse(string? text)
    {
        Dictionary<string, Uri> elsewhere = new(StringComparer.OrdinalIgnoreCase);
        foreach (string entry in (text ?? string.Empty).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: 2 } region, { } address]
                || !Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
                || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
                || !elsewhere.TryAdd(region, uri))
            {
                return null;
            }
        }

        return new StampMap(elsewhere);
    }

    /// <summary>Where a region is served; null is here.</summary>
    public Uri? Find(string? region) => region is null ? null : _elsewhere.GetValueOrDefault(region);
}
