using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.PhoneNumbers.Blocking;

/// <summary>
/// <c>POST</c> and <c>DELETE …/block_users</c>: users who wrote within the last 24 hours can be blocked, up to 64,000. In force at once on this instance, on
/// others within half a minute. A repeat changes nothing and succeeds.
/// </summary>
public sealed class BlockUsers(AccountDirectory accounts, NumberStore numbers, BlockStore store, BlockNames names, BlockList list, RecentContact recent)
{
    private const int MaxUsers = 1_000;
    private const int MaxRaces = 8;
    private const int AtOnce = 16;

    public Task<Result<BlockReply, GraphError>> BlockAsync(Caller caller, PhoneNumberId id, BlockUsersRequest request, CancellationToken cancellationToken) =>
        RunAsync(caller, id, request, AddAsync, BlockReply.Added, cancellationToken);

    public Task<Result<BlockReply, GraphError>> UnblockAsync(Caller caller, PhoneNumberId id, BlockUsersRequest request, CancellationToken cancellationToken) =>
        RunAsync(caller, id, request, RemoveAsync, BlockReply.Removed, cancellationToken);

    private async Task<Result<BlockReply, GraphError>> RunAsync(
        Caller caller,
        PhoneNumberId id,
        BlockUsersRequest request,
        Func<BusinessNumber, IReadOnlyList<AskedUser>, CancellationToken, Task<GraphError?>> change,
        string member,
        CancellationToken cancellationToken)
    {
        if (!(await accounts.FindNumberAsync(caller, id, AccessScopes.Messaging, cancellationToken)).TryGet(out BusinessNumber? number, out GraphError? refusal))
        {
            return refusal;
        }

        if (request.MessagingProduct is not "whatsapp")
        {
            return GraphErrorCode.ParameterMissing.Because("messaging_product must be whatsapp.");
        }

        if (request.Users is not { Count: > 0 and <= MaxUsers } asked)
        {
            return GraphErrorCode.InvalidParameter.Because($"block_users must hold 1 to {MaxUsers} objects with a member user.");
        }

        List<AskedUser> users = [.. asked.Select(one => AskedUser.Of(one?.User, number.Number))];
        foreach (AskedUser user in users.Where(user => user.Number is not null))
        {
            user.Name = await names.FindAsync(number.Business, id, user.Known, cancellationToken) ?? [];
        }

        GraphError? failure = await change(number, users, cancellationToken);
        list.Forget(number.Business, id);
        return failure is not null ? failure : BlockReply.Of(users, member);
    }

    private async Task<GraphError?> AddAsync(BusinessNumber number, IReadOnlyList<AskedUser> users, CancellationToken cancellationToken)
    {
        foreach (AskedUser[] some in users.Where(user => user.Failure is null).Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(user => CheckAsync(number, user, cancellationToken)));
        }

        AskedUser[] added = [.. users.Where(user => user is { Failure: null, IsThere: false }).DistinctBy(user => user.Known)];
        foreach (AskedUser user in added.Where(user => user.Name.Length == 0))
        {
            user.Name = await names.NameAsync(number.Business, number.Id, user.Known, cancellationToken);
        }

        // Before anybody is: from then on the list is looked at.
        if (added.Length > 0 && !number.HasBlocks && await numbers.SetHasBlocksAsync(number.Business, number.Id, cancellationToken))
        {
            accounts.Forget(number.Business, number.Id);
        }

        foreach (AskedUser[] some in added.Chunk(BlockStore.MaxPerCommit))
        {
            if (await CommitAsync(number, some, isThere: false, AddSomeAsync, cancellationToken) is { } failure)
            {
                return failure;
            }
        }

        return null;

        Task<bool> AddSomeAsync(BlockHead? head, IReadOnlyCollection<AskedUser> some) =>
            store.TryAddAsync(number.Business, number.Id, head, [.. some.Select(user => (user.Name, user.Known))], cancellationToken);
    }

    private async Task<GraphError?> RemoveAsync(BusinessNumber number, IReadOnlyList<AskedUser> users, CancellationToken cancellationToken)
    {
        foreach (AskedUser[] some in users.Where(user => user.Failure is null).Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(user => LookAsync(number, user, cancellationToken)));
        }

        foreach (AskedUser[] some in users.Where(user => user is { Failure: null, IsThere: true }).DistinctBy(user => user.Known).Chunk(BlockStore.MaxPerCommit))
        {
            if (await CommitAsync(number, some, isThere: true, RemoveSomeAsync, cancellationToken) is { } failure)
            {
                return failure;
            }
        }

        return null;

        Task<bool> RemoveSomeAsync(BlockHead? head, IReadOnlyCollection<AskedUser> some) => head is null
            ? Task.FromResult(true)
            : store.TryRemoveAsync(number.Business, number.Id, head, [.. some.Select(user => user.Name)], cancellationToken);
    }

    /// <summary>Forgets whether a user is blocked: for an erasure.</summary>
    internal async Task EraseAsync(BusinessNumber number, PhoneNumber user, CancellationToken cancellationToken)
    {
        if (number.HasBlocks && await names.FindAsync(number.Business, number.Id, user, cancellationToken) is { } name)
        {
            AskedUser asked = AskedUser.Of(user.E164, number.Number);
            asked.Name = name;
            if (await RemoveAsync(number, [asked], cancellationToken) is not null)
            {
                throw new StorageFaultException("block removal", TableNames.Blocks, 0, "came and went");
            }

            list.Forget(number.Business, number.Id);
        }
    }

    private async Task<GraphError?> CommitAsync(
        BusinessNumber number,
        IReadOnlyCollection<AskedUser> some,
        bool isThere,
        Func<BlockHead?, IReadOnlyCollection<AskedUser>, Task<bool>> commit,
        CancellationToken cancellationToken)
    {
        IReadOnlyCollection<AskedUser> left = some;
        for (int race = 0; race < MaxRaces && left.Count > 0; race++)
        {
            BlockHead? head = await store.FindHeadAsync(number.Business, number.Id, cancellationToken);
            if (!isThere && (head?.Count ?? 0) + left.Count > BlockStore.MaxBlocks)
            {
                return GraphErrorCode.BlockListFull.Because($"A phone number blocks at most {BlockStore.MaxBlocks} users: unblock some first.");
            }

            if (await commit(head, left))
            {
                return null;
            }

            // Somebody was quicker, perhaps with one of these.
            await Task.WhenAll(left.Select(user => LookAsync(number, user, cancellationToken)));
            left = [.. left.Where(user => user.IsThere == isThere)];
        }

        return left.Count == 0 ? null : GraphErrorCode.BlockListBusy.Because("The list is being changed by another call: try again.");
    }

    private async Task CheckAsync(BusinessNumber number, AskedUser user, CancellationToken cancellationToken)
    {
        await LookAsync(number, user, cancellationToken);
        if (!user.IsThere && !await recent.ExistsAsync(number.Business, number.Id, user.Known, cancellationToken))
        {
            user.Failure = GraphErrorCode.OutsideWindow.Because("Only users who wrote to this phone number within the last 24 hours can be blocked.");
        }
    }

    private async Task LookAsync(BusinessNumber number, AskedUser user, CancellationToken cancellationToken) =>
        user.IsThere = user.Name.Length > 0 && await store.HasAsync(number.Business, number.Id, user.Name, cancellationToken);
}
