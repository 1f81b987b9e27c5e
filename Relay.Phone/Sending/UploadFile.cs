using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Phone.State;
using Relay.Shared.Content;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Sending;

/// <summary>Leaves a file with the transport, encrypted under a key of its own, and gives what a message says of it. Never held as a whole.</summary>
internal sealed class UploadFile(PhoneStore store, TransportClient transport)
{
    /// <param name="file">Is read twice: it must be able to seek.</param>
    /// <param name="mimeType">What it is.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="PhoneException">It is empty or too large, or the transport refused.</exception>
    internal async Task<JsonObject> ExecuteAsync(Stream file, string mimeType, CancellationToken cancellationToken)
    {
        if (file.Length is 0 or > AttachmentFormat.MaxFileBytes)
        {
            throw new PhoneException($"A file must have 1 byte to {AttachmentFormat.MaxFileBytes / (1024 * 1024)} MiB.");
        }

        byte[] hash = await SHA256.HashDataAsync(file, cancellationToken);
        file.Position = 0;
        byte[] key = RandomNumberGenerator.GetBytes(AttachmentFormat.KeySize);
        DeviceCredential credential = await store.ReadAsync(data => data.ToCredential(), cancellationToken);
        await using AttachmentEncryption encrypted = new(file, key);
        AttachmentResponse left = TransportRefusal.Require(await transport.PutAttachmentAsync(credential, encrypted, cancellationToken));
        AttachmentPointer pointer = new()
        {
            Id = left.Id,
            Key = key,
            Digest = encrypted.Digest ?? throw new PhoneException("The transport didn't take the whole file."),
            Size = encrypted.FileSize,
        };
        return new JsonObject
        {
            ["attachment"] = JsonSerializer.SerializeToNode(pointer, PhoneJson.Default.AttachmentPointer),
            ["mime_type"] = mimeType,
            ["sha256"] = Convert.ToBase64String(hash),
        };
    }
}
