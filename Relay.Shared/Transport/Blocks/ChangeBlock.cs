using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Blocks;

/// <summary>
/// Blocks a business's number for a device, or takes that back. From the answer on (on other instances within <see cref="KnownAccounts.Life"/>) what the number sends is
/// taken and dropped: the business sees <c>sent</c> and never <c>delivered</c>, and is not told why. With the token of a message a block is that message's report too, and stays
/// one when it is taken back; without one it counts for nothing, so that nobody complains about who never wrote. May be repeated: who died before the report was counted counts it then.
/// </summary>
public sealed class ChangeBlock(
    UserBlockStore blocks, AccountStore accounts, KnownAccounts known, FindAccount findAccount, NumberHasher hasher, ReportMessage report)
{
    private const int MaxRaces = 16;

    private static readonly TransportFailure s_overtaken = new(TransportErrorCode.Unauthorized, "Another device holds the number by now.");

    public async Task<TransportResult<BlockResponse>> ExecuteAsync(AuthenticatedDevice device, BlockRequest request, CancellationToken cancellationToken)
    {
        if (device.Account.IsBusiness)
        {
            return TransportFailures.BadRequest("Only a user's device blocks a business here.");
        }

        if (!PhoneNumber.TryParse(request.Number, out PhoneNumber? number))
        {
            return TransportFailures.NotANumber;
        }

        return request.Blocked ? await BlockAsync(device, number, request.Token, cancellationToken) : await UnblockAsync(device, number, cancellationToken);
    }

    private async Task<TransportResult<BlockResponse>> BlockAsync(
        AuthenticatedDevice device, PhoneNumber number, string? token, CancellationToken cancellationToken)
    {
        TransportResult<Account> business = await findAccount.AddresseeAsync(number.E164, cancellationToken);
        if (!business.IsSuccess)
        {
            return business.Failure;
        }

        if (business.Value.CountedFor is not { } label)
        {
            return TransportFailures.BadRequest("'number' is not a business's number.");
        }

        for (int race = 0; race < MaxRaces; race++)
        {
            if (await FindAsync(device, cancellationToken) is not { } user)
            {
                return s_overtaken;
            }

            bool isBlocked = await blocks.IsBlockedAsync(user, business.Value.Number, cancellationToken);
            if (!isBlocked && (await blocks.ListAsync(user, cancellationToken)).Count >= UserBlockStore.MaxBlocks)
            {
                return TransportFailures.BadRequest($"A device blocks at most {UserBlockStore.MaxBlocks} numbers.");
            }

            if (!isBlocked && !await TryAsync(device, () => blocks.TryAddAsync(user, number, business.Value.Number, cancellationToken)))
            {
                continue;
            }

            return new BlockResponse(Blocked: true, Counted: token is not null && await IsCountedAsync(device, token, label, cancellationToken));
        }

        return TransportFailures.TooMany(TimeSpan.FromSeconds(1));
    }

    private async Task<bool> IsCountedAsync(AuthenticatedDevice device, string token, string business, CancellationToken cancellationToken) =>
        await report.ExecuteAsync(device, new ReportRequest { Token = token }, business, cancellationToken) is { IsSuccess: true, Value.Counted: true };

    private async Task<TransportResult<BlockResponse>> UnblockAsync(AuthenticatedDevice device, PhoneNumber number, CancellationToken cancellationToken)
    {
        NumberHash business = await hasher.HashAsync(number, cancellationToken);
        for (int race = 0; race < MaxRaces; race++)
        {
            if (await FindAsync(device, cancellationToken) is not { } user)
            {
                return s_overtaken;
            }

            if (!await blocks.IsBlockedAsync(user, business, cancellationToken)
                || await TryAsync(device, () => blocks.TryRemoveAsync(user, business, cancellationToken)))
            {
                return new BlockResponse(Blocked: false);
            }
        }

        return TransportFailures.TooMany(TimeSpan.FromSeconds(1));
    }

    private async Task<Account?> FindAsync(AuthenticatedDevice device, CancellationToken cancellationToken) =>
        await accounts.FindAsync(device.Hash, cancellationToken) is { } user && user.Device == device.Account.Device ? user : null;

    private async Task<bool> TryAsync(AuthenticatedDevice device, Func<Task<bool>> change)
    {
        try
        {
            return await change();
        }
        finally
        {
            // Also when the answer was lost: the write may have happened.
            known.Forget(device.Hash);
        }
    }
}
