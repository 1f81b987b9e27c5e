using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Relay.Shared.Accounts;
using Relay.Shared.Details;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.PhoneNumbers.Automation;

/// <summary>
/// <c>conversational_automation</c>: what a number offers users to begin with. Kept and answered; devices of Relay show none of it yet. Needs the permission
/// whatsapp_business_management.
/// </summary>
public sealed class ConversationalAutomation(AccountDirectory accounts, DetailStore details)
{
    private const int MaxPrompts = 4;
    private const int MaxPrompt = 80;
    private const int MaxCommands = 30;
    private const int MaxName = 32;
    private const int MaxDescription = 256;

    public async Task<Result<JsonObject, GraphError>> GetAsync(Caller caller, PhoneNumberId id, CancellationToken cancellationToken) =>
        (await accounts.FindNumberAsync(caller, id, AccessScopes.Management, cancellationToken)).Error is { } refusal
            ? refusal
            : await ShowAsync(caller.Business, id, cancellationToken);

    public async Task<Result<SuccessResponse, GraphError>> SetAsync(Caller caller, PhoneNumberId id, AutomationRequest request, CancellationToken cancellationToken)
    {
        if ((await accounts.FindNumberAsync(caller, id, AccessScopes.Management, cancellationToken)).Error is { } refusal)
        {
            return refusal;
        }

        if (Check(request) is { } mistake)
        {
            return mistake;
        }

        await details.ChangeAsync(
            caller.Business,
            DetailRows.Automation(id),
            AutomationJson.Default.AutomationRequest,
            before => new(new AutomationRequest
            {
                EnableWelcomeMessage = request.EnableWelcomeMessage ?? before?.EnableWelcomeMessage,
                Prompts = request.Prompts ?? before?.Prompts,
                Commands = request.Commands ?? before?.Commands,
            }),
            cancellationToken);
        return new SuccessResponse();
    }

    internal async Task<JsonObject> ShowAsync(BusinessId business, PhoneNumberId id, CancellationToken cancellationToken)
    {
        AutomationRequest? set = await details.FindAsync(business, DetailRows.Automation(id), AutomationJson.Default.AutomationRequest, cancellationToken);
        JsonArray prompts = [.. (set?.Prompts ?? []).Select(prompt => JsonValue.Create(prompt))];
        JsonArray commands =
        [
            .. (set?.Commands ?? []).Select(command => new JsonObject { ["command_name"] = command?.Name, ["command_description"] = command?.Description }),
        ];
        return new JsonObject { ["id"] = id.Value, ["enable_welcome_message"] = set?.EnableWelcomeMessage ?? false, ["prompts"] = prompts, ["commands"] = commands };
    }

    private static GraphError? Check(AutomationRequest request) => request switch
    {
        { EnableWelcomeMessage: null, Prompts: null, Commands: null } => Invalid("At least one of enable_welcome_message, prompts and commands is required."),
        { Prompts.Count: > MaxPrompts } => Invalid($"prompts may hold at most {MaxPrompts}."),
        { Prompts: { } prompts } when prompts.Any(prompt => !Fits(prompt, MaxPrompt)) => Invalid($"Each of prompts must have 1 to {MaxPrompt} characters."),
        { Commands.Count: > MaxCommands } => Invalid($"commands may hold at most {MaxCommands}."),
        { Commands: { } commands } when commands.Any(command => !IsName(command?.Name)) => Invalid(
            $"command_name must have 1 to {MaxName} letters, digits or underscores, without a slash."),
        { Commands: { } commands } when commands.Any(command => !Fits(command?.Description, MaxDescription)) => Invalid(
            $"command_description must have 1 to {MaxDescription} characters."),
        { Commands: { } commands } when commands.DistinctBy(command => command?.Name).Count() < commands.Count => Invalid("Two commands have the same command_name."),
        _ => null,
    };

    private static bool Fits(string? text, int max) => text is { Length: > 0 } && text.EnumerateRunes().Count() <= max;

    private static bool IsName(string? name) => name is { Length: > 0 and <= MaxName } && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static GraphError Invalid(string details) => GraphErrorCode.InvalidParameter.Because(details);
}

[JsonSerializable(typeof(AutomationRequest))]
internal sealed partial class AutomationJson : JsonSerializerContext;
