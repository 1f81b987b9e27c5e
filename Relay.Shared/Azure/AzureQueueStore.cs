using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Relay.Shared.Storage;
using QueueItem = Relay.Shared.Storage.QueueItem;

namespace Relay.Shared.Azure;

/// <summary>
/// Queues of a storage account. The SDK repeats a put whose answer was lost, so a message may be in the queue twice: the
/// port promises at least once. A repeated delete that had succeeded comes back as false.
/// </summary>
public sealed class AzureQueueStore : IQueueStore
{
    private readonly QueueServiceClient _service;
    private readonly ConcurrentDictionary<string, QueueClient> _clients = new(StringComparer.Ordinal);

    internal AzureQueueStore(QueueServiceClient service) => _service = service;

    public async Task SendAsync(string queue, string body, TimeSpan delay, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        QueueGuard.CheckBody(body);
        QueueGuard.CheckTimes(delay, timeToLive);
        try
        {
            await Client(queue).SendMessageAsync(body, QueueGuard.WholeSeconds(delay), QueueGuard.WholeSeconds(timeToLive), cancellationToken);
        }
        catch (Exception e) when (AzureFault.Is(e, cancellationToken))
        {
            throw AzureFault.From(e, "queue send", queue);
        }
    }

    public async Task<IReadOnlyList<QueueItem>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken)
    {
        QueueGuard.CheckReceive(max, visibility);
        try
        {
            Response<QueueMessage[]> answer =
                await Client(queue).ReceiveMessagesAsync(max, QueueGuard.WholeSeconds(visibility), cancellationToken);
            return Array.ConvertAll(answer.Value, static message =>
                new QueueItem(message.MessageId, message.PopReceipt, message.MessageText, message.DequeueCount));
        }
        catch (Exception e) when (AzureFault.Is(e, cancellationToken))
        {
            throw AzureFault.From(e, "queue receive", queue);
        }
    }

    public async Task<bool> DeleteAsync(string queue, QueueItem item, CancellationToken cancellationToken)
    {
        try
        {
            await Client(queue).DeleteMessageAsync(item.Id, item.Receipt, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (IsLost(e))
        {
            return false;
        }
        catch (Exception e) when (AzureFault.Is(e, cancellationToken))
        {
            throw AzureFault.From(e, "queue delete", queue);
        }
    }

    public async Task<QueueItem?> HideAsync(string queue, QueueItem item, TimeSpan visibility, CancellationToken cancellationToken)
    {
        QueueGuard.CheckHide(visibility);
        try
        {
            // No text is sent, so the service keeps the body it has.
            Response<UpdateReceipt> answer = await Client(queue).UpdateMessageAsync(
                item.Id, item.Receipt, messageText: null, QueueGuard.WholeSeconds(visibility), cancellationToken);
            return item with { Receipt = answer.Value.PopReceipt };
        }
        catch (RequestFailedException e) when (IsLost(e))
        {
            return null;
        }
        catch (Exception e) when (AzureFault.Is(e, cancellationToken))
        {
            throw AzureFault.From(e, "queue hide", queue);
        }
    }

    public async Task<int> CountAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            Response<QueueProperties> answer = await Client(queue).GetPropertiesAsync(cancellationToken);
            return answer.Value.ApproximateMessagesCount;
        }
        catch (Exception e) when (AzureFault.Is(e, cancellationToken))
        {
            throw AzureFault.From(e, "queue count", queue);
        }
    }

    public async Task EnsureQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        foreach (string queue in queues)
        {
            QueueGuard.CheckQueue(queue);
            try
            {
                await Client(queue).CreateIfNotExistsAsync(metadata: null, cancellationToken);
            }
            catch (Exception e) when (AzureFault.Is(e, cancellationToken))
            {
                throw AzureFault.From(e, "queue create", queue);
            }
        }
    }

    /// <summary>Another delivery has the message, or it is gone.</summary>
    private static bool IsLost(RequestFailedException failure) =>
        (failure.Status, failure.ErrorCode) is (404, "MessageNotFound") or (400, "PopReceiptMismatch");

    private QueueClient Client(string queue) => _clients.GetOrAdd(queue, static (name, service) => service.GetQueueClient(name), _service);
}
