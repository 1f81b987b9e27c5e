using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Idempotency;
using Relay.Shared.Primitives;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Messaging;

/// <summary><c>POST …/messages</c>: checks who may do what, and leads a valid request to its operation.</summary>
public sealed class MessageIntake(AccountDirectory accounts, AcceptMessage acceptMessage, AcceptReadReceipt acceptReadReceipt, NameRequest nameRequest)
    : IMessageIntake
{
    public Task<Result<SendMessageReply, GraphError>> ExecuteAsync(
        Caller caller, PhoneNumberId number, SendMessageRequest request, IdempotencyKey? key, CancellationToken cancellationToken) =>
        RelayTraces.IsListened
            ? TracedAsync(caller, number, request, key, cancellationToken)
            : AcceptAsync(caller, number, request, key, cancellationToken);

    private Task<Result<SendMessageReply, GraphError>> TracedAsync(
        Caller caller, PhoneNumberId number, SendMessageRequest request, IdempotencyKey? key, CancellationToken cancellationToken) =>
        RelayTraces.WithinAsync(
            SpanName.Accept,
            () => AcceptAsync(caller, number, request, key, cancellationToken),
            result => result.TryGet(out _, out _) ? SpanOutcome.Done : SpanOutcome.Refused);

    private async Task<Result<SendMessageReply, GraphError>> AcceptAsync(
        Caller caller, PhoneNumberId number, SendMessageRequest request, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        if (!(await accounts.FindNumberAsync(caller, number, AccessScopes.Messaging, cancellationToken)).TryGet(out BusinessNumber? found, out GraphError? refusal))
        {
            return refusal;
        }

        if (!found.IsRegistered)
        {
            return GraphErrorCode.NumberNotRegistered.Because("The phone number is not registered, or was deregistered. POST {phone-number-id}/register first.");
        }

        Result<ValidSend, GraphError> valid = SendMessageValidator.Validate(request);
        if (!valid.TryGet(out ValidSend? send, out GraphError? invalid))
        {
            return invalid;
        }

        KeyedRequest? keyed = key is null ? null : await nameRequest.ExecuteAsync(found.Business, found.Id, key, request, cancellationToken);
        return send switch
        {
            OutgoingMessage message => await acceptMessage.ExecuteAsync(found, message, keyed, cancellationToken),
            ReadReceiptRequest receipt => await acceptReadReceipt.ExecuteAsync(found, receipt, keyed, cancellationToken),
            _ => throw new InvalidOperationException("A request has an unknown form."),
        };
    }
}
