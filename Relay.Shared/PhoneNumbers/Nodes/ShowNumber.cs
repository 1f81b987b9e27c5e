using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Shared.Accounts;
using Relay.Shared.Details;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Integrity;
using Relay.Shared.PhoneNumbers.Automation;
using Relay.Shared.PhoneNumbers.Registration;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.PhoneNumbers.Nodes;

/// <summary>Shows a phone number with the fields that a request chooses. Reads no more than those need.</summary>
public sealed class ShowNumber(OverrideWebhook overrides, ConversationalAutomation automation, DetailStore details, BusinessStandings standings)
{
    internal async Task<Result<JsonObject, GraphError>> ExecuteAsync(BusinessNumber number, string fields, CancellationToken cancellationToken) =>
        NumberView.View.Select(fields).TryGet(out FieldSelection? selection, out GraphError? mistake)
            ? await ShowAsync(number, selection, cancellationToken)
            : mistake;

    internal async Task<JsonObject> ShowAsync(BusinessNumber number, FieldSelection selection, CancellationToken cancellationToken)
    {
        RegistrationState? state = NumberView.FromRegistration.Any(selection.Has)
            ? await details.FindAsync(number.Business, DetailRows.Registration(number.Id), RegistrationJson.Default.RegistrationState, cancellationToken)
            : null;
        JsonNode? webhooks = selection.Has(NumberView.Webhooks)
            ? JsonSerializer.SerializeToNode(await overrides.ShowAsync(number.Business, number.Id, cancellationToken), AccountOutput.WebhookConfiguration)
            : null;
        JsonObject? offers = selection.Has(NumberView.Automation) ? await automation.ShowAsync(number.Business, number.Id, cancellationToken) : null;
        StandingResponse? standing = NumberView.FromTransport.Any(selection.Has) ? await standings.FindAsync(number, cancellationToken) : null;
        NumberFacts facts = new(number, VerifyNumber.Of(number, state), webhooks?.AsObject(), offers, standing);
        return NumberView.View.Show(facts, selection);
    }
}
