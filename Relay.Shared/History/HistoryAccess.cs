using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.History;

/// <summary>Who may see a number's history: a token of its business with any permission. Another business's number is as unknown as none.</summary>
public sealed class HistoryAccess(AccountDirectory accounts)
{
    internal async ValueTask<Result<Business, GraphError>> CheckAsync(Caller caller, PhoneNumberId number, CancellationToken cancellationToken)
    {
        if (await accounts.FindNumberAsync(caller.Business, number, cancellationToken) is null
            || await accounts.FindBusinessAsync(caller.Business, cancellationToken) is not { } business)
        {
            return AccountDirectory.UnknownNode;
        }

        return caller.Scopes == AccessScopes.None
            ? GraphErrorCode.NoPermission.Because("The access token has neither whatsapp_business_messaging nor whatsapp_business_management.")
            : business;
    }
}
