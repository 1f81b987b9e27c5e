using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Phone.Complaints;
using Relay.Phone.Events;
using Relay.Phone.Keys;
using Relay.Phone.Messages;
using Relay.Phone.Receiving;
using Relay.Phone.Registering;
using Relay.Phone.Sending;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Transport.Client;

namespace Relay.Phone;

/// <summary>
/// A user's device: one number, its Signal keys and sessions, its state. Safe for concurrent use, with one receiver at a time.
/// What it sends leaves only after the state that made it is saved; what it receives is acknowledged only after it is saved. So
/// it may be killed at any point, and a transport that isn't there loses nothing.
/// </summary>
public sealed class PhoneDevice : IDisposable
{
    private readonly PhoneStore _store;
    private readonly EmptyOutbox _emptyOutbox;
    private readonly RegisterPhone _register;
    private readonly SendMessage _sendMessage;
    private readonly UploadFile _uploadFile;
    private readonly FetchFile _fetchFile;
    private readonly ReceiveMessages _receive;
    private readonly ShowEvents _show;
    private readonly SendReceipts _sendReceipts;
    private readonly KeepKeysStocked _keepKeysStocked;
    private readonly Complain _complain;

    /// <param name="state">Stays the caller's to dispose.</param>
    /// <param name="transport">The transport.</param>
    /// <param name="time">The clock.</param>
    /// <param name="supply">How many keys it keeps with the transport; a phone's usual ones unless given.</param>
    public PhoneDevice(IPhoneState state, TransportClient transport, TimeProvider time, KeySupply? supply = null)
    {
        KeySupply keys = supply ?? KeySupply.Full;
        _store = new PhoneStore(state);
        _emptyOutbox = new EmptyOutbox(_store, transport);
        _register = new RegisterPhone(_store, transport, keys, time);
        TakeBundle takeBundle = new(_store, transport);
        _uploadFile = new UploadFile(_store, transport);
        _fetchFile = new FetchFile(_store, transport);
        _sendMessage = new SendMessage(_store, new OpenConversation(_store, takeBundle, time), _emptyOutbox, time);
        _receive = new ReceiveMessages(_store, transport, new AskAgain(_store, takeBundle, time), _emptyOutbox, time);
        _show = new ShowEvents(_store);
        _sendReceipts = new SendReceipts(_store, _emptyOutbox, time);
        _keepKeysStocked = new KeepKeysStocked(_store, transport, keys, time);
        _complain = new Complain(_store, transport);
    }

    /// <exception cref="PhoneException">It is registered already, or the transport refused.</exception>
    public Task RegisterAsync(PhoneNumber number, AskForCode askForCode, CancellationToken cancellationToken) =>
        _register.ExecuteAsync(number, askForCode, cancellationToken);

    /// <summary>Sends a text: a <see cref="MessageSent"/> (perhaps only queued), or a <see cref="MessageRefused"/>.</summary>
    public Task<PhoneEvent> SendTextAsync(PhoneNumber to, string text, EnvelopeId? replyTo, CancellationToken cancellationToken) =>
        SendAsync(to, MakeMessage.Text(text), new SendOptions { ReplyTo = replyTo }, cancellationToken);

    /// <summary>Sends a message object (docs/transport.openapi.yaml), likewise.</summary>
    public Task<PhoneEvent> SendAsync(PhoneNumber to, JsonObject message, SendOptions options, CancellationToken cancellationToken) =>
        _sendMessage.ExecuteAsync(to, message, options, cancellationToken);

    /// <summary>Encrypts a file, leaves it with the transport, and sends the message that leads to it, likewise.</summary>
    /// <param name="to">The reader.</param>
    /// <param name="content">Must be able to seek.</param>
    /// <param name="file">What it is.</param>
    /// <param name="options">What goes with it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="PhoneException">It is empty or too large, or the transport refused.</exception>
    public async Task<PhoneEvent> SendFileAsync(PhoneNumber to, Stream content, FileToSend file, SendOptions options, CancellationToken cancellationToken)
    {
        JsonObject media = await _uploadFile.ExecuteAsync(content, file.MimeType, cancellationToken);
        return await SendAsync(to, MakeMessage.File(file.Kind, media, file.Caption, file.FileName, file.IsVoice), options, cancellationToken);
    }

    /// <summary>Sends a reaction to a message of either side; an empty one takes it back.</summary>
    public async Task<PhoneEvent> ReactAsync(PhoneNumber to, EnvelopeId message, string emoji, CancellationToken cancellationToken) => await SendAsync(
        to,
        MakeMessage.Reaction(message.Hex, await _sendMessage.AuthorOfAsync(to, message, cancellationToken), emoji),
        new SendOptions(),
        cancellationToken);

    /// <summary>Writes the file of a message. What was written counts only when this returns.</summary>
    /// <exception cref="PhoneException">The message has none, or it can't be had any more.</exception>
    public Task FetchFileAsync(JsonElement message, Stream target, CancellationToken cancellationToken) =>
        AttachedFile.Find(message)?.Pointer is { } pointer ? _fetchFile.ExecuteAsync(pointer, target, cancellationToken) : throw new PhoneException("That message has no file.");

    /// <summary>A message that was shown or sent lately; null when the phone doesn't have it any more.</summary>
    internal Task<KeptMessage?> FindMessageAsync(PhoneNumber with, EnvelopeId id, CancellationToken cancellationToken) =>
        _store.ReadAsync(data => data.Conversations.GetValueOrDefault(with.Digits)?.Kept.Find(id.Hex), cancellationToken);

    /// <summary>The correspondent's latest message that is like this, or the phone's own.</summary>
    internal Task<KeptMessage?> LastMessageAsync(PhoneNumber with, bool isOurs, Predicate<JsonElement> isLike, CancellationToken cancellationToken) =>
        _store.ReadAsync(data => data.Conversations.GetValueOrDefault(with.Digits)?.Kept.Last(isOurs, isLike), cancellationToken);

    /// <summary>
    /// What came, and what an earlier run received without showing it. Receiving again says that the events before have been
    /// shown; so does <see cref="ConfirmAsync"/>.
    /// </summary>
    public async Task<IReadOnlyList<PhoneEvent>> ReceiveAsync(ReceiveOptions options, CancellationToken cancellationToken)
    {
        await _show.ConfirmAsync(cancellationToken);
        if (await _show.TakeAsync(cancellationToken) is { Count: > 0 } left)
        {
            return left;
        }

        await _keepKeysStocked.ExecuteIfDueAsync(cancellationToken);
        await _receive.ExecuteAsync(options, cancellationToken);
        return await _show.TakeAsync(cancellationToken);
    }

    /// <summary>Says that all events returned so far have been shown: no later run returns them.</summary>
    public Task ConfirmAsync(CancellationToken cancellationToken) => _show.ConfirmAsync(cancellationToken);

    /// <summary>Sends a receipt (<c>delivered</c>, <c>read</c> or <c>played</c>) for messages of a correspondent.</summary>
    public Task SendReceiptAsync(PhoneNumber to, string status, IReadOnlyCollection<EnvelopeId> ids, CancellationToken cancellationToken) =>
        _sendReceipts.SendAsync(to, status, ids, cancellationToken);

    /// <summary>Sends <c>read</c> receipts for unread messages, all of them when <paramref name="ids"/> is null; tells how many.</summary>
    public Task<int> MarkReadAsync(IReadOnlyCollection<EnvelopeId>? ids, CancellationToken cancellationToken) =>
        _sendReceipts.MarkReadAsync(ids, cancellationToken);

    /// <summary>Sends what is left in the outbox, if anything.</summary>
    public Task EmptyOutboxAsync(CancellationToken cancellationToken) => _emptyOutbox.ExecuteAsync(cancellationToken);

    /// <summary>Reports a message of a business, the latest that can be when <paramref name="message"/> is null; tells whether it was the first report of it.</summary>
    /// <param name="from">The business.</param>
    /// <param name="message">Which message.</param>
    /// <param name="withContent">Whether the operator may see what it said, as far as the phone keeps it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="PhoneException">There is none, or not any more.</exception>
    public async Task<bool> ReportAsync(PhoneNumber from, EnvelopeId? message, bool withContent, CancellationToken cancellationToken) =>
        (await _complain.ReportAsync(from, message, withContent, cancellationToken)).Counted;

    /// <summary>Keeps a business's messages away, or takes that back.</summary>
    public Task BlockAsync(PhoneNumber number, bool blocked, CancellationToken cancellationToken) => _complain.BlockAsync(number, blocked, cancellationToken);

    /// <summary>Which business numbers are blocked.</summary>
    public Task<IReadOnlyList<string>> ListBlocksAsync(CancellationToken cancellationToken) => _complain.ListAsync(cancellationToken);

    /// <summary>What the user and a correspondent compare to know that no one sits between them.</summary>
    /// <exception cref="PhoneException">There is no session with that number.</exception>
    public async Task<SafetyNumber> SafetyNumberAsync(PhoneNumber with, CancellationToken cancellationToken)
    {
        (PhoneNumber number, PublicKey ours, PublicKey theirs) = await _store.ReadAsync(data => Identities(data, with), cancellationToken);
        return SafetyNumber.Create(ours, Encoding.UTF8.GetBytes(number.E164), theirs, Encoding.UTF8.GetBytes(with.E164));
    }

    public Task<PhoneStatus> GetStatusAsync(CancellationToken cancellationToken) => _store.ReadAsync(PhoneStatus.Of, cancellationToken);

    private static (PhoneNumber Number, PublicKey Ours, PublicKey Theirs) Identities(PhoneData data, PhoneNumber with)
    {
        using SessionRecord? record = data.Conversations.GetValueOrDefault(with.Digits)?.OpenSession();
        return record is null
            ? throw new PhoneException("There is no session with that number yet: one of you has to write first.")
            : (data.Number, data.Identity.PublicKey, record.RemoteIdentity);
    }

    public void Dispose()
    {
        _emptyOutbox.Dispose();
        _store.Dispose();
    }
}
