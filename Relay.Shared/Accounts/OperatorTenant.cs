using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>
/// Who runs Relay, in the place of a business: its long-lived key seals what the manager keeps of people, and its audit holds what was done on no business. No
/// business has this id.
/// </summary>
public static class OperatorTenant
{
    public static readonly BusinessId Id = BusinessId.Parse("0");
}
