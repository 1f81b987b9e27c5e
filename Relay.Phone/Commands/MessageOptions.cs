using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Phone.Messages;

namespace Relay.Phone.Commands;

/// <summary>Reads a message out of the options of <c>send</c>.</summary>
internal static class MessageOptions
{
    private static readonly string[] s_kinds = ["image", "video", "audio", "document", "sticker"];

    internal static JsonObject Read(CommandLine line)
    {
        if (line.Value("--text") is { } text)
        {
            return MakeMessage.Text(text);
        }

        if (line.Value("--location") is { } place)
        {
            return Location(place, line.Value("--name"), line.Value("--address"));
        }

        if (line.Value("--contact") is { } name)
        {
            return MakeMessage.Contact(name, line.Value("--phone"));
        }

        if (line.Value("--order") is { } catalog)
        {
            return MakeMessage.Order(
                catalog, line.Value("--product") ?? throw new UsageException("--order needs --product."), line.Count("--quantity", 1_000) ?? 1, 0, "EUR", null);
        }

        return line.Value("--poll") is { } question ? MakeMessage.Poll(question) : ReadObject("--raw", line.Value("--raw"));
    }

    /// <param name="place">Latitude and longitude with a comma between them.</param>
    /// <param name="name">What is there.</param>
    /// <param name="address">How to get there.</param>
    internal static JsonObject Location(string place, string? name, string? address)
    {
        string[] parts = place.Split(',', StringSplitOptions.TrimEntries);
        return parts.Length == 2 && Degrees(parts[0], 90) is { } latitude && Degrees(parts[1], 180) is { } longitude
            ? MakeMessage.Location(latitude, longitude, name, address)
            : throw new UsageException("A location is a latitude and a longitude in degrees, for example 52.37,4.89.");
    }

    /// <exception cref="UsageException">It is no JSON object.</exception>
    internal static JsonObject ReadObject(string option, string? json)
    {
        try
        {
            return JsonNode.Parse(json ?? "")?.AsObject() ?? throw new UsageException($"{option} takes a JSON object.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new UsageException($"{option} takes a JSON object.");
        }
    }

    internal static string? Kind(CommandLine line) => line.Value("--as") switch
    {
        null => null,
        { } kind when s_kinds.Contains(kind) => kind,
        _ => throw new UsageException($"--as takes {string.Join(", ", s_kinds)}."),
    };

    /// <exception cref="PhoneException">It can't be read.</exception>
    internal static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new PhoneException($"The file can't be read: {e.Message}");
        }
    }

    private static double? Degrees(string text, int most) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double degrees) && Math.Abs(degrees) <= most ? degrees : null;
}
