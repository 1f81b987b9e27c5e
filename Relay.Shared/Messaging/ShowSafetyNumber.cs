using System.Text;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Proof.Audits;
using Relay.Shared.Signal;

namespace Relay.Shared.Messaging;

/// <summary>
/// The safety number of a conversation: what business and user compare, in a shop or on the telephone, to know that no one sits between
/// them. Both sides know each other by their numbers in international form.
/// </summary>
public sealed class ShowSafetyNumber(AccountDirectory accounts, LookupStore lookup, ConversationStore conversations, RecordAccess recordAccess)
{
    private const int GroupSize = 5;

    public async Task<Result<SafetyNumberResponse, GraphError>> ExecuteAsync(
        Caller caller, PhoneNumberId id, SafetyNumberRequest request, CancellationToken cancellationToken)
    {
        if (await accounts.FindNumberAsync(caller.Business, id, cancellationToken) is not { } number)
        {
            return AccountDirectory.UnknownNumber;
        }

        if (!PhoneNumber.TryParse(request.User, out PhoneNumber? user))
        {
            return GraphErrorCode.ParameterInvalid.Because("user must be a phone number in international form, 7 to 15 digits with the country code.");
        }

        if (await lookup.FindAsync(caller.Business, id, user, cancellationToken) is not { } conversation)
        {
            return NoSession;
        }

        await recordAccess.ExecuteAsync(caller.Business, AccessActor.Of(caller), AccessOperation.ShowSafetyNumber, cancellationToken);
        using SessionSlot slot = await conversations.LoadSessionAsync(new ConversationKey(caller.Business, conversation), cancellationToken);
        if (slot.Content is not { } session)
        {
            return NoSession;
        }

        PublicKey theirs = session.Record.RemoteIdentity;
        SafetyNumber safety = SafetyNumber.Create(
            number.Identity.PublicKey, Encoding.UTF8.GetBytes(number.Number.E164), theirs, Encoding.UTF8.GetBytes(user.E164));
        string groups = string.Join(' ', safety.Digits.Chunk(GroupSize).Select(group => new string(group)));
        return new SafetyNumberResponse(groups, IdentityKeyHash.Of(theirs.Serialized).Value);
    }

    private static GraphError NoSession => GraphErrorCode.UnknownObject.Because("There is no session with that user: neither side has written yet, or the last message is 30 days old.");
}
