using System.IO.Compression;
using System.Text;
using Relay.Fuzz.Wire;

namespace Relay.Fuzz.Mutating;

/// <summary>Changes a body: its JSON, its bytes, or how it is encoded.</summary>
internal static class BodyChange
{
    private const int Large = 3 * 1024 * 1024;
    private const string Boundary = "fuzzed-boundary";

    internal static string Make(FuzzRequest request, Draw draw, IReadOnlyList<string> known)
    {
        if (draw.Chance(65) && JsonChange.Make(request.Body, draw, known) is { } changed)
        {
            request.Body = changed.Body;
            return changed.What;
        }

        byte[] body = request.Body;
        int at = draw.Below(body.Length);
        switch (draw.Below(11))
        {
            case 0:
                request.Body = [];
                return "body empty";
            case 1:
                request.Body = body[..at];
                return "body cut";
            case 2:
                request.Body = [.. body[..at], .. draw.Bytes(1 + draw.Below(8)), .. body[at..]];
                return "body bytes added";
            case 3 when body.Length > 0:
                request.Body[at] ^= (byte)(1 << draw.Below(8));
                return "body bit flipped";
            case 4:
                request.Body = [.. body, .. body];
                return "body twice";
            case 5:
                request.Body = [0xEF, 0xBB, 0xBF, .. body];
                return "body with a mark";
            case 6:
                return Form(request);
            case 7:
                return Multipart(request, draw);
            case 8:
                request.Body = Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body));
                request.ContentType = "application/json; charset=utf-16";
                return "body in UTF-16";
            case 9:
                return Compress(request);
            case 10 when draw.Chance(10):
                request.Body = draw.Chance(50) ? new byte[Large] : Encoding.UTF8.GetBytes("{\"text\":\"" + new string('x', Large));
                return "body large";
            default:
                request.Body = Encoding.UTF8.GetBytes(draw.Of(draw.Chance(50) ? Oddities.Json : Oddities.Texts));
                return "body odd";
        }
    }

    private static string Form(FuzzRequest request)
    {
        request.Body = Encoding.Latin1.GetBytes(string.Join('&', JsonChange.Members(request.Body).Select(member => $"{Escape(member.Name)}={Escape(member.Value)}")));
        request.ContentType = "application/x-www-form-urlencoded";
        return "body as a form";
    }

    private static string Multipart(FuzzRequest request, Draw draw)
    {
        StringBuilder text = new();
        foreach ((string name, string value) in JsonChange.Members(request.Body))
        {
            string more = draw.Chance(20) ? $"; filename=\"{draw.Of(Oddities.Texts)}\"" : string.Empty;
            string type = draw.Chance(20) ? $"Content-Type: {draw.Of(Oddities.ContentTypes)}\r\n" : string.Empty;
            text.Append($"--{Boundary}\r\nContent-Disposition: form-data; name=\"{(draw.Chance(10) ? draw.Of(Oddities.Texts) : name)}\"{more}\r\n{type}\r\n{value}\r\n");
        }

        text.Append(draw.Chance(80) ? $"--{Boundary}--\r\n" : string.Empty);
        request.Body = Encoding.UTF8.GetBytes(text.ToString());
        request.ContentType = $"multipart/form-data; boundary={Boundary}";
        return "body as multipart";
    }

    private static string Compress(FuzzRequest request)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(request.Body);
        }

        request.Body = packed.ToArray();
        request.Set("Content-Encoding", "gzip");
        return "body compressed";
    }

    private static string Escape(string text)
    {
        try
        {
            return Uri.EscapeDataString(text);
        }
        catch (UriFormatException)
        {
            return "%ED%A0%80";
        }
    }
}
