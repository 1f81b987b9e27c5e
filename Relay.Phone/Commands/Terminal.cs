using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Relay.Phone.Events;
using Relay.Phone.State;

namespace Relay.Phone.Commands;

/// <summary>Where a phone reads and prints: JSON lines or text that can't steer the terminal.</summary>
internal sealed class Terminal(TextReader input, TextWriter output, TextWriter error)
{
    // Plus signs and letters as they are; control characters are still escaped. The lines are no HTML.
    private static readonly JsonSerializerOptions Options =
        new(PhoneJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal string? ReadLine() => input.ReadLine();

    internal void Write(string text)
    {
        output.Write(text);
        output.Flush();
    }

    internal void WriteLine(string text)
    {
        output.WriteLine(text);
        output.Flush();
    }

    internal void WriteError(string text) => error.WriteLine(text);

    internal void WriteJson<T>(T value) => WriteLine(ToJson(value));

    internal void Show(PhoneEvent happened, bool asJson, bool withEnvelope) =>
        WriteLine(asJson ? ToJson(Shown(happened, withEnvelope)) : EventText.Of(happened, withEnvelope));

    private static PhoneEvent Shown(PhoneEvent happened, bool withEnvelope) => happened switch
    {
        MessageReceived message when !withEnvelope => message.WithoutEnvelope(),
        MessageSent sent when !withEnvelope => sent.WithoutEnvelope(),
        _ => happened,
    };

    private static string ToJson<T>(T value) => JsonSerializer.Serialize(value, (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T)));
}
