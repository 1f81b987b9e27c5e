using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Idempotency;
using Relay.Shared.Primitives;

namespace Relay.Shared.Messaging;

/// <summary>
/// Takes what a business posts to one of its numbers: a message or a read receipt. A reply means it lies in durable storage.
/// A number that isn't the caller's answers exactly as an unknown one.
/// </summary>
public interface IMessageIntake
{
    Task<Result<SendMessageReply, GraphError>> ExecuteAsync(
        Caller caller, PhoneNumberId number, SendMessageRequest request, IdempotencyKey? key, CancellationToken cancellationToken);
}
