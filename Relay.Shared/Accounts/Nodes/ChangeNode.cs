using Relay.Shared.Details;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.Graph.Messages;
using Relay.Shared.PhoneNumbers.Registration;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts.Nodes;

/// <summary>
/// <c>POST {id}</c> of a phone number (its webhook override, its two-step PIN) or an account (name, time zone). Needs the permission
/// whatsapp_business_management; a foreign id is answered as an unknown one.
/// </summary>
public sealed class ChangeNode(AccountDirectory accounts, OverrideWebhook overrides, TwoStepPin pins, DetailStore details)
{
    private const int MaxName = 100;
    private const int MaxTimezone = 3;

    public async Task<Result<SuccessResponse, GraphError>> ExecuteAsync(Caller caller, string id, ChangeNodeRequest request, CancellationToken cancellationToken)
    {
        if (PhoneNumberId.TryParse(id, out PhoneNumberId numberId)
            && await accounts.FindNumberAsync(caller.Business, numberId, cancellationToken) is { } number)
        {
            return caller.Lacks(AccessScopes.Management) is { } refusal ? refusal : await ChangeAsync(number, request, cancellationToken);
        }

        return (await accounts.FindAccountAsync(caller, id, AccessScopes.Management, cancellationToken)).Error is { } unknown
            ? unknown
            : await ChangeAccountAsync(caller.Business, request, cancellationToken);
    }

    private async Task<Result<SuccessResponse, GraphError>> ChangeAsync(BusinessNumber number, ChangeNodeRequest request, CancellationToken cancellationToken)
    {
        string? unsupported = request switch
        {
            { NewDisplayName: not null } => "new_display_name",
            { Username: not null } => "username",
            { SearchVisibility: not null } => "search_visibility",
            { ConnectionStatus: not null } => "connection_status",
            _ => null,
        };
        if (unsupported is not null || request is { Pin: null, WebhookConfiguration: null })
        {
            return GraphErrorCode.InvalidParameter.Because(
                $"{(unsupported is null ? string.Empty : unsupported + " can't be changed here. ")}Of a phone number pin or webhook_configuration can be changed, one of them is required.");
        }

        if (request.WebhookConfiguration is { } configuration
            && (await overrides.SetNumberAsync(number, configuration, cancellationToken)).Error is { } refused)
        {
            return refused;
        }

        return request.Pin is { } pin ? await pins.SetAsync(number, pin, cancellationToken) : new SuccessResponse();
    }

    private async Task<Result<SuccessResponse, GraphError>> ChangeAccountAsync(BusinessId business, ChangeNodeRequest request, CancellationToken cancellationToken)
    {
        if (request is { Name: null, TimezoneId: null })
        {
            return GraphErrorCode.InvalidParameter.Because("name or timezone_id is required: nothing else of an account can be changed here.");
        }

        if (request.Name is { Length: 0 or > MaxName })
        {
            return GraphErrorCode.InvalidParameter.Because($"name must have 1 to {MaxName} characters.");
        }

        if (request.TimezoneId is { } zone && (zone.Length is 0 or > MaxTimezone || !zone.All(char.IsAsciiDigit)))
        {
            return GraphErrorCode.InvalidParameter.Because($"timezone_id must be a number of up to {MaxTimezone} digits.");
        }

        await details.ChangeAsync(
            business,
            DetailRows.Account,
            AccountDetailsJson.Default.AccountDetails,
            before => new(new AccountDetails(request.Name ?? before?.Name, request.TimezoneId ?? before?.TimezoneId)),
            cancellationToken);
        return new SuccessResponse();
    }
}
