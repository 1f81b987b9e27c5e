using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Graph;
using Relay.Shared.Messaging;
using Relay.Shared.PhoneNumbers.Blocking;
using Relay.Shared.Primitives;
using Relay.Shared.Proof.Audits;

namespace Relay.Shared.Erasure;

/// <summary>
/// <c>GET /relay/v1/contacts/{number}/export</c>: everything that Relay still has about one user with any of a business's numbers. Opens content, so it needs
/// both permissions.
/// </summary>
public sealed class ExportContact(
    NumberStore numbers, LookupStore lookup, BlockList blocks, ConversationStore conversations, MessageIds ids, RecordAccess recordAccess, TimeProvider time)
{
    public async Task<Result<ContactExport, GraphError>> ExecuteAsync(Caller caller, string number, CancellationToken cancellationToken)
    {
        if ((caller.Lacks(AccessScopes.Management) ?? caller.Lacks(AccessScopes.Messaging)) is { } refusal)
        {
            return refusal;
        }

        if (!PhoneNumber.TryParse(number, out PhoneNumber? user))
        {
            return EraseContact.NoNumber;
        }

        await recordAccess.ExecuteAsync(caller.Business, AccessActor.Of(caller), AccessOperation.ExportContact, cancellationToken);
        List<(PhoneNumberId Number, ConversationKey Key)> found = [];
        List<PhoneNumberId> blockedBy = [];
        await foreach (BusinessNumber own in numbers.ListAsync(caller.Business, cancellationToken))
        {
            if (await blocks.IsBlockedAsync(own, user, cancellationToken))
            {
                blockedBy.Add(own.Id);
            }

            if (await lookup.FindAsync(caller.Business, own.Id, user, cancellationToken) is { } conversation)
            {
                found.Add((own.Id, new ConversationKey(caller.Business, conversation)));
            }
        }

        return new ContactExport(conversations, ids, user, found, blockedBy, time.GetUtcNow());
    }
}
