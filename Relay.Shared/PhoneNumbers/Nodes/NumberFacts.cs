using System.Text.Json.Nodes;
using Relay.Shared.Accounts;
using Relay.Shared.PhoneNumbers.Registration;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.PhoneNumbers.Nodes;

/// <summary>A number, and of what else is known of it as much as a request asks for.</summary>
internal sealed record NumberFacts(BusinessNumber Number, RegistrationState Registration, JsonObject? Webhooks, JsonObject? Automation, StandingResponse? Standing)
{
    public override string ToString() => nameof(NumberFacts);
}
