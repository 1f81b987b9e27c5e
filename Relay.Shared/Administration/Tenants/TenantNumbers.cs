using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Limits;
using Relay.Shared.Primitives;
using Relay.Shared.Proof;

namespace Relay.Shared.Administration.Tenants;

/// <summary>
/// A business's numbers as the admin API shows them, and takes them out of use: then nothing is accepted for sending, and what users send waits with the transport. Registering
/// the number again ends that.
/// </summary>
public sealed class TenantNumbers(NumberStore numbers, AccountDirectory accounts)
{
    private const int UsualLimit = 25;
    private const int MaxLimit = 100;

    public async Task<Result<ListNumbersResponse, GraphError>> ListAsync(BusinessId business, PageRequest page, CancellationToken cancellationToken)
    {
        if (!page.ReadLimit(UsualLimit, MaxLimit).TryGet(out PageLimit limit, out GraphError? mistake))
        {
            return mistake;
        }

        if (page.After.Length > 0 && !PhoneNumberId.TryParse(page.After, out _))
        {
            return PageRequest.BadAfter;
        }

        ListPosition position = new(limit.Items, page.After.Length == 0 ? null : page.After, null);
        (IReadOnlyList<BusinessNumber> found, _, bool hasNext) = await numbers.ListAsync(business, position, cancellationToken);
        return new ListNumbersResponse([.. found.Select(ToListed)], hasNext ? found[^1].Id.Value : null);
    }

    public async Task<Result<ListedNumber, GraphError>> ShowAsync(BusinessId business, string phoneNumberId, CancellationToken cancellationToken) =>
        PhoneNumberId.TryParse(phoneNumberId, out PhoneNumberId id) && await numbers.FindAsync(business, id, cancellationToken) is { } number
            ? ToListed(number)
            : UnknownNumber;

    public async Task<Result<AdminSuccess, GraphError>> DeregisterAsync(BusinessId business, string phoneNumberId, CancellationToken cancellationToken)
    {
        if (!PhoneNumberId.TryParse(phoneNumberId, out PhoneNumberId id) || !await numbers.DeregisterAsync(business, id, cancellationToken))
        {
            return UnknownNumber;
        }

        accounts.Forget(business, id);
        return new AdminSuccess();
    }

    internal static GraphError UnknownNumber => GraphErrorCode.UnknownObject.Because("There is no such phone number of that business.");

    private static ListedNumber ToListed(BusinessNumber number) => new(
        number.Id.Value,
        number.Number.E164,
        number.VerifiedName,
        number switch { { IsRegistered: true } => "CONNECTED", { IsDeregistered: true } => "DISCONNECTED", _ => "PENDING" },
        number.Throughput.Name(),
        (int?)number.RetentionPeriod?.TotalMinutes,
        number.Region);
}
