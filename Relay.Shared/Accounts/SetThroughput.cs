using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Limits;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>Sets a number's throughput level. Other instances notice within half a minute.</summary>
public sealed class SetThroughput(AccountDirectory accounts, NumberStore numbers)
{
    public async Task<Result<AdminSuccess, GraphError>> ExecuteAsync(
        BusinessId business, string phoneNumberId, SetThroughputRequest request, CancellationToken cancellationToken)
    {
        if (!ThroughputLevels.TryParse(request.Level, out ThroughputLevel level))
        {
            return GraphErrorCode.ParameterInvalid.Because("level must be STANDARD or HIGH.");
        }

        if (!PhoneNumberId.TryParse(phoneNumberId, out PhoneNumberId number) || !await numbers.SetThroughputAsync(business, number, level, cancellationToken))
        {
            return GraphErrorCode.UnknownObject.Because("There is no such phone number of that business.");
        }

        accounts.Forget(business, number);
        return new AdminSuccess();
    }
}
