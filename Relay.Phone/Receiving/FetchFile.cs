using Relay.Phone.State;
using Relay.Shared.Content;
using Relay.Shared.Transport.Client;

namespace Relay.Phone.Receiving;

/// <summary>Fetches the file of a message. What was written counts only when this returns: a file that was changed on its way is found out at its end.</summary>
internal sealed class FetchFile(PhoneStore store, TransportClient transport)
{
    /// <exception cref="PhoneException">It isn't there any more, or isn't the one that was sent.</exception>
    internal async Task ExecuteAsync(AttachmentPointer pointer, Stream target, CancellationToken cancellationToken)
    {
        DeviceCredential credential = await store.ReadAsync(data => data.ToCredential(), cancellationToken);
        await using Stream encrypted = TransportRefusal.Require(await transport.OpenAttachmentAsync(credential, pointer.Id, cancellationToken));
        try
        {
            await using AttachmentDecryption file = new(encrypted, pointer);
            await file.CopyToAsync(target, cancellationToken);
        }
        catch (AttachmentBrokenException)
        {
            throw new PhoneException("The file isn't the one that was sent: it was changed or cut on its way.");
        }
    }
}
