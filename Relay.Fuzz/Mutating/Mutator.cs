using System.Text;
using Relay.Fuzz.Wire;

namespace Relay.Fuzz.Mutating;

/// <summary>Makes of a real request one that nobody sends: up to four changes of whatever goes over the wire.</summary>
/// <param name="ids">Ids and tokens that mean something, whoever's they are.</param>
internal sealed class Mutator(IReadOnlyList<string> ids)
{
    private const int AsItIs = 4;

    internal FuzzRequest Make(FuzzRequest seed, Draw draw)
    {
        FuzzRequest request = seed.Copy();
        int changes = draw.Chance(AsItIs) ? 0 : 1 + draw.Below(draw.Chance(30) ? 4 : 2);
        for (int i = 0; i < changes; i++)
        {
            request.Changes.Add(Change(request, draw));
        }

        if (request.Sign is { } sign && draw.Chance(80))
        {
            foreach ((string name, string value) in sign(request.Body))
            {
                request.Set(name, value);
            }
        }

        request.IsChunked = draw.Chance(8);
        return request;
    }

    private string Change(FuzzRequest request, Draw draw)
    {
        switch (draw.Below(20))
        {
            case 0:
                request.Method = draw.Of(Oddities.Methods);
                return "method";
            case 1 or 2 or 3:
                return Path(request, draw);
            case 4 or 5 or 6 or 7:
                return Query(request, draw);
            case 8 or 9:
                (string name, string value) = draw.Of(Oddities.Headers);
                request.Headers.Add((name, value));
                return $"header {name}";
            case 10:
                request.ContentType = draw.Of(Oddities.ContentTypes);
                return "content type";
            case 11:
                return Authorization(request, draw);
            default:
                return BodyChange.Make(request, draw, ids);
        }
    }

    private string Authorization(FuzzRequest request, Draw draw)
    {
        switch (draw.Below(4))
        {
            case 0:
                request.Set("Authorization", null);
                return "no authorization";
            case 1:
                request.Set("Authorization", "Bearer " + draw.Of(ids));
                return "another authorization";
            case 2:
                request.Headers.Add(("Authorization", draw.Of(Oddities.Authorizations)));
                return "authorization twice";
            default:
                request.Set("Authorization", draw.Of(Oddities.Authorizations));
                return "authorization odd";
        }
    }

    private string Path(FuzzRequest request, Draw draw)
    {
        (string path, string query) = Split(request.Target);
        List<string> parts = [.. path.Split('/').Skip(1)];
        int at = draw.Below(parts.Count);
        string what;
        switch (draw.Below(8))
        {
            case 0:
                parts.RemoveAt(at);
                what = "path shorter";
                break;
            case 1:
                parts.Insert(at, Raw(draw.Of(Oddities.Texts)));
                what = "path longer";
                break;
            case 2:
                parts.Add(string.Empty);
                what = "path with a slash";
                break;
            case 3:
                parts[at] = draw.Chance(50) ? parts[at].ToUpperInvariant() : string.Concat(parts[at].Select(c => $"%{(int)c:x2}"));
                what = "path spelled otherwise";
                break;
            case 4 or 5:
                parts[at] = Raw(draw.Of(ids));
                what = "path id";
                break;
            default:
                parts[at] = Raw(draw.Of(Oddities.Texts));
                what = "path odd";
                break;
        }

        request.Target = "/" + string.Join('/', parts) + query;
        return what;
    }

    private string Query(FuzzRequest request, Draw draw)
    {
        (string path, string query) = Split(request.Target);
        string name = draw.Chance(85) ? draw.Of(Oddities.Parameters) : Raw(draw.Of(Oddities.Texts));
        string value = draw.Below(4) switch
        {
            0 => Raw(draw.Of(ids)),
            1 => Uri.EscapeDataString(draw.Of(Oddities.Json).Replace("\\", string.Empty, StringComparison.Ordinal)),
            _ => Raw(draw.Of(Oddities.Texts)),
        };
        if (name == "wait")
        {
            value = draw.Chance(50) ? "0" : Raw(draw.Of(Oddities.Texts));
        }

        request.Target = path + (query.Length > 1 ? query + "&" : "?") + (draw.Chance(90) ? $"{name}={value}" : value);
        return $"query {name}";
    }

    private static (string Path, string Query) Split(string target)
    {
        int at = target.IndexOf('?', StringComparison.Ordinal);
        return at < 0 ? (target, string.Empty) : (target[..at], target[at..]);
    }

    /// <summary>Bytes that may stand in the first line: what is beyond Latin-1 as UTF-8, no spaces and line ends.</summary>
    private static string Raw(string text) =>
        Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)).Replace(' ', '+').Replace('\r', '+').Replace('\n', '+');
}
