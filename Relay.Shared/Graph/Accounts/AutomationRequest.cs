using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Accounts;

/// <summary>The body of <c>POST /{version}/{phone-number-id}/conversational_automation</c>, and how it is kept: what is left out stays.</summary>
public sealed record AutomationRequest
{
    [JsonPropertyName("enable_welcome_message")]
    public bool? EnableWelcomeMessage { get; init; }

    [JsonPropertyName("prompts")]
    public IReadOnlyList<string?>? Prompts { get; init; }

    [JsonPropertyName("commands")]
    public IReadOnlyList<AutomationCommand?>? Commands { get; init; }

    public override string ToString() => nameof(AutomationRequest);
}

/// <summary>Something that users can ask for by its name.</summary>
public sealed record AutomationCommand(
    [property: JsonPropertyName("command_name")] string? Name,
    [property: JsonPropertyName("command_description")] string? Description)
{
    public override string ToString() => nameof(AutomationCommand);
}
