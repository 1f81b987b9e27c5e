using System.Text.Json;
using Relay.Phone.Messages;

namespace Relay.Phone.State;

/// <summary>A message that was shown or sent, kept so that it can be answered, quoted, and its file saved.</summary>
internal sealed class KeptMessage
{
    public required string Id { get; init; }

    /// <summary>Whether this phone wrote it.</summary>
    public bool IsOurs { get; init; }

    /// <summary>Of a text only the first words: it is only ever quoted.</summary>
    public required JsonElement Message { get; init; }

    /// <summary>What reports it; only of a business's message.</summary>
    public string? ReportToken { get; init; }

    internal static KeptMessage Of(string id, bool isOurs, JsonElement message, string? reportToken = null) => new()
    {
        ReportToken = reportToken,
        Id = id,
        IsOurs = isOurs,
        Message = Members.Text(message, "type") == "text"
            ? JsonSerializer.SerializeToElement(MakeMessage.Text(MessageText.Preview(message)), PhoneJson.Default.JsonObject)
            : message,
    };
}

/// <summary>The last messages with one correspondent: 50 and 64 KiB at most, the oldest go first.</summary>
internal sealed class KeptMessages
{
    internal const int MaxCount = 50;
    internal const int MaxCharacters = 64 * 1024;

    /// <summary>Oldest first.</summary>
    public List<KeptMessage> Messages { get; init; } = [];

    internal KeptMessage? Find(string id) => Messages.Find(message => message.Id == id);

    /// <summary>The latest of one side that is like this.</summary>
    internal KeptMessage? Last(bool isOurs, Predicate<JsonElement> isLike) => Messages.FindLast(message => message.IsOurs == isOurs && isLike(message.Message));

    internal void Add(KeptMessage message)
    {
        Messages.Add(message);
        int characters = Messages.Sum(kept => kept.Message.GetRawText().Length);
        while (Messages.Count > MaxCount || characters > MaxCharacters)
        {
            characters -= Messages[0].Message.GetRawText().Length;
            Messages.RemoveAt(0);
        }
    }
}
