using System.Security.Cryptography;
using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Media;

/// <summary>Encrypts a file for devices under a key of its own and leaves it with the transport, as it is read.</summary>
public sealed class DeviceUploads(TransportClient transport, TimeProvider time)
{
    /// <param name="number">Who leaves it.</param>
    /// <param name="content">The file; a <see cref="RefusedFileException"/> of it becomes the error.</param>
    /// <param name="describe">After the end: what the file is, and its hash in base64.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<Result<DeviceFile, GraphError>> PutAsync(
        BusinessNumber number, Stream content, Func<(string MimeType, string Sha256)> describe, CancellationToken cancellationToken)
    {
        DeviceCredential credential = number.Credential ?? throw new InvalidOperationException("A number without credential can't send.");
        byte[] key = RandomNumberGenerator.GetBytes(AttachmentFormat.KeySize);
        await using NotedRefusal noted = new(content);
        await using AttachmentEncryption encrypted = new(noted, key);
        TransportResult<AttachmentResponse> answer;
        try
        {
            answer = await transport.PutAttachmentAsync(credential, encrypted, cancellationToken);
        }
        catch (Exception) when (noted.Refusal is not null)
        {
            return noted.Refusal;
        }

        if (!answer.IsSuccess)
        {
            return noted.Refusal ?? Refused(answer.Failure);
        }

        (string mimeType, string sha256) = describe();
        return new DeviceFile
        {
            Attachment = new AttachmentPointer
            {
                Id = answer.Value.Id,
                Key = key,
                Digest = encrypted.Digest ?? throw new HttpRequestException("The transport answered before it had read the file."),
                Size = encrypted.FileSize,
            },
            MimeType = mimeType,
            Sha256 = sha256,
            TakenAt = time.GetUtcNow().ToUnixTimeSeconds(),
        };
    }

    /// <exception cref="HttpRequestException">The refusal is about us or about load: try again later.</exception>
    private static GraphError Refused(TransportFailure failure) => failure.Code is TransportErrorCode.TooLarge
        ? GraphErrorCode.MediaUploadFailed.Because("The file is larger than what the transport takes.")
        : throw new HttpRequestException("The transport refuses for now.");

    /// <summary>What sends a body wraps whatever its stream throws; here it is kept.</summary>
    private sealed class NotedRefusal(Stream source) : ForwardStream
    {
        internal GraphError? Refusal { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await source.ReadAsync(buffer, cancellationToken);
            }
            catch (RefusedFileException e)
            {
                Refusal = e.Error;
                throw;
            }
        }
    }
}
