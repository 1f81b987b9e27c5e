using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Devices;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Messaging;

/// <summary>Encrypts content for a user's device in memory, opening a session first where there is none. Changes nothing anywhere.</summary>
public sealed class OutboundCipher(AccountDirectory accounts, TransportClient transport)
{
    /// <param name="slot">The session as it was read.</param>
    /// <param name="number">Who writes.</param>
    /// <param name="to">To whom.</param>
    /// <param name="identity">The only identity that may read it; null for whichever the recipient has.</param>
    /// <param name="content">What.</param>
    /// <param name="isFresh">
    /// Whether the session must be one that the recipient can't have trouble with: opened for this, or opened by us and not answered yet.
    /// </param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<EncryptedContent> EncryptAsync(
        SessionSlot slot, BusinessNumber number, PhoneNumber to, IdentityKeyHash? identity, byte[] content, bool isFresh, CancellationToken cancellationToken)
    {
        SessionRecord? record = slot.Content?.Record;
        if (record is { CanSend: true } && (!isFresh || record.HasUnacknowledgedPreKey))
        {
            return Encrypt(record, number, to, identity, content);
        }

        (SessionRecord? opened, GraphError? error) = await OpenSessionAsync(record, number, to, cancellationToken);
        using (opened)
        {
            return opened is null ? EncryptedContent.Refused(error ?? Unusable) : Encrypt(opened, number, to, identity, content);
        }
    }

    private static EncryptedContent Encrypt(SessionRecord record, BusinessNumber number, PhoneNumber to, IdentityKeyHash? identity, byte[] content)
    {
        if (identity is { } expected && expected != IdentityKeyHash.Of(record.RemoteIdentity.Serialized))
        {
            return EncryptedContent.Refused(GraphErrorCode.IdentityChanged.Because(
                "The recipient's identity key has another hash than recipient_identity_key_hash: a new device, or somebody else. The next message from the user brings the hash."));
        }

        EncryptResult encrypted = SessionCipher.Encrypt(record, number.Identity, content);
        return new EncryptedContent(
            encrypted.Message.Kind == SignalMessageKind.PreKey ? Envelope.PreKey : Envelope.Message,
            encrypted.Message.Bytes,
            record.RemoteIdentity.ToBytes(),
            new SessionContent(number.Id, to, encrypted.Next));
    }

    private static GraphError Unusable => GraphErrorCode.Undeliverable.Because("The recipient's device published keys that can't be used.");

    private async Task<(SessionRecord? Record, GraphError? Error)> OpenSessionAsync(
        SessionRecord? existing, BusinessNumber number, PhoneNumber to, CancellationToken cancellationToken)
    {
        DeviceCredential credential = number.Credential ?? throw new InvalidOperationException("A number without credential can't send.");
        TransportResult<BundleResponse> taken = await transport.TakeBundleAsync(credential, to, cancellationToken);
        if (!taken.IsSuccess)
        {
            return (null, TransportFailures.ToGraph(taken.Failure));
        }

        if (!PublishedBundle.TryRead(taken.Value, out PreKeyBundle? bundle))
        {
            return (null, Unusable);
        }

        SessionOptions options = new() { Policy = await accounts.PolicyAsync(number.Business, cancellationToken) };
        InitiateResult initiated = SessionCipher.Initiate(existing, number.Identity, number.RegistrationId, bundle, options);
        return initiated.Outcome switch
        {
            SessionOutcome.Success => (initiated.Next, null),
            SessionOutcome.RefusedByPolicy => (null, GraphErrorCode.Undeliverable.Because(
                "The recipient's device doesn't speak a protocol that the business's Signal policy allows.")),
            _ => (null, Unusable),
        };
    }
}

/// <summary>A ciphertext that must not leave before <see cref="Next"/> is durable; or the reason why there is none.</summary>
internal sealed class EncryptedContent : IDisposable
{
    private readonly SessionContent? _next;

    internal EncryptedContent(string type, byte[] ciphertext, byte[] recipientIdentity, SessionContent next)
    {
        Type = type;
        Ciphertext = ciphertext;
        RecipientIdentity = recipientIdentity;
        _next = next;
    }

    private EncryptedContent(GraphError error) => Error = error;

    internal GraphError? Error { get; }

    internal string? Type { get; }

    internal byte[]? Ciphertext { get; }

    internal byte[]? RecipientIdentity { get; }

    internal SessionContent Next => _next ?? throw new InvalidOperationException("Nothing was encrypted.");

    public void Dispose() => _next?.Dispose();

    internal static EncryptedContent Refused(GraphError error) => new(error);
}
