using Relay.Phone.State;
using Relay.Shared.Content;
using Relay.Shared.Primitives;

namespace Relay.Phone.Sending;

/// <summary>Puts receipts for a correspondent's messages in the outbox, inside one change of the state.</summary>
internal static class QueueReceipt
{
    internal static void Execute(PhoneData data, PhoneNumber to, string status, IEnumerable<string> ids, DateTimeOffset now)
    {
        foreach (string[] some in ids.Chunk(ContentReceipt.MaxIds))
        {
            QueueContent.Execute(data, to, new DeviceContent
            {
                Id = EnvelopeId.Create().Hex,
                Timestamp = now.ToUnixTimeSeconds(),
                Receipt = new ContentReceipt(status, some),
            });
        }
    }
}
