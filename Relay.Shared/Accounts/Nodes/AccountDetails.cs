using System.Text.Json.Serialization;

namespace Relay.Shared.Accounts.Nodes;

/// <summary>What a business set of its account; null where it set nothing.</summary>
internal sealed record AccountDetails(string? Name, string? TimezoneId)
{
    public override string ToString() => nameof(AccountDetails);
}

[JsonSerializable(typeof(AccountDetails))]
internal sealed partial class AccountDetailsJson : JsonSerializerContext;
