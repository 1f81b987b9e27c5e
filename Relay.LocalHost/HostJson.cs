using System.Globalization;
using System.Text.Json;

namespace Relay.LocalHost;

/// <summary>
/// The part of host.json that this host obeys, with the Functions host's own defaults. It refuses a message encoding
/// other than "none", since Relay's queues carry plain text (spec/storage.md §1).
/// </summary>
internal sealed record HostJson(string RoutePrefix, QueueSettings Queues)
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="InvalidOperationException">A setting is out of its range.</exception>
    public static HostJson Load(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
        var extensions = Section(document.RootElement, "extensions");
        var queues = Section(extensions, "queues");

        if (Text(queues, "messageEncoding") != "none")
        {
            throw new InvalidOperationException("host.json: extensions.queues.messageEncoding must be \"none\".");
        }

        var batchSize = Number(queues, "batchSize", 16, 1, 32);
        return new HostJson(
            (Text(Section(extensions, "http"), "routePrefix") ?? "api").Trim('/'),
            new QueueSettings(
                batchSize,
                Number(queues, "newBatchThreshold", batchSize / 2 * Environment.ProcessorCount, 0, 10_000),
                Number(queues, "maxDequeueCount", 5, 1, 10_000),
                Span(queues, "visibilityTimeout", TimeSpan.Zero, TimeSpan.Zero),
                Span(queues, "maxPollingInterval", TimeSpan.FromMinutes(1), PollingInterval.Shortest)));
    }

    private static JsonElement Section(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var section) ? section : default;

    private static string? Text(JsonElement parent, string name) =>
        Section(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static int Number(JsonElement parent, string name, int whenAbsent, int min, int max) =>
        Section(parent, name) switch
        {
            { ValueKind: JsonValueKind.Undefined } => whenAbsent,
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) && value >= min && value <= max => value,
            _ => throw new InvalidOperationException($"host.json: extensions.queues.{name} must be a number from {min} to {max}."),
        };

    private static TimeSpan Span(JsonElement parent, string name, TimeSpan whenAbsent, TimeSpan min) =>
        Section(parent, name) switch
        {
            { ValueKind: JsonValueKind.Undefined } => whenAbsent,
            { ValueKind: JsonValueKind.String } text when TimeSpan.TryParse(text.GetString(), CultureInfo.InvariantCulture, out var value) && value >= min => value,
            _ => throw new InvalidOperationException($"host.json: extensions.queues.{name} must be a time (hh:mm:ss) of at least {min}."),
        };
}

/// <param name="BatchSize">Messages taken at once.</param>
/// <param name="NewBatchThreshold">The next batch is taken when at most so many still run.</param>
/// <param name="MaxDequeueCount">Deliveries of one message before it is parked in the poison queue.</param>
/// <param name="VisibilityTimeout">The delay between a failed delivery and the next; not the time a message is hidden while it runs.</param>
/// <param name="MaxPollingInterval">The longest pause between two looks at an empty queue.</param>
internal sealed record QueueSettings(int BatchSize, int NewBatchThreshold, int MaxDequeueCount, TimeSpan VisibilityTimeout, TimeSpan MaxPollingInterval);
