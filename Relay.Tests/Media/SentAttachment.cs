using System.Security.Cryptography;
using Relay.Shared.Content;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Tests.Media;

/// <summary>A device's two ends of an attachment.</summary>
internal static class SentAttachment
{
    public static async Task<DeviceMedia> PutAsync(TransportClient transport, DeviceCredential credential, byte[] file, string mimeType)
    {
        byte[] key = RandomNumberGenerator.GetBytes(AttachmentFormat.KeySize);
        await using AttachmentEncryption encryption = new(new MemoryStream(file), key);
        TransportResult<AttachmentResponse> put = await transport.PutAttachmentAsync(credential, encryption, default);
        return new DeviceMedia(
            new AttachmentPointer { Id = put.Value!.Id, Key = key, Digest = encryption.Digest!, Size = encryption.FileSize },
            mimeType,
            Convert.ToBase64String(SHA256.HashData(file)),
            file.Length);
    }

    public static async Task<byte[]> GetAsync(TransportClient transport, DeviceCredential credential, AttachmentPointer pointer)
    {
        TransportResult<Stream> opened = await transport.OpenAttachmentAsync(credential, pointer.Id, default);
        await using Stream encrypted = opened.Value!;
        await using AttachmentDecryption decryption = new(encrypted, pointer);
        using MemoryStream file = new();
        await decryption.CopyToAsync(file);
        return file.ToArray();
    }
}
