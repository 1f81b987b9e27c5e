using System.Security.Cryptography;
using System.Text.Json;
using Relay.Phone.Messages;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Complaints;

/// <summary>Reports a business's message to the transport, and blocks a business. What a message said is shown only when the user says so. All may be repeated.</summary>
internal sealed class Complain(PhoneStore store, TransportClient transport)
{
    /// <exception cref="PhoneException">There is no message that can be reported, or not any more.</exception>
    internal async Task<ReportResponse> ReportAsync(PhoneNumber from, EnvelopeId? message, bool withContent, CancellationToken cancellationToken)
    {
        (DeviceCredential credential, KeptMessage? kept) = await store.ReadAsync(data => (data.ToCredential(), Find(data, from, message)), cancellationToken);
        return kept?.ReportToken is { } token
            ? TransportRefusal.Require(await transport.ReportAsync(credential, token, withContent ? await SealAsync(credential, kept.Message, cancellationToken) : null, cancellationToken))
            : throw new PhoneException("There is no message of that number that can be reported: only what a business sent can be, for seven days.");
    }

    /// <summary>A block is also a report of the latest message that can be reported, if there is one.</summary>
    /// <exception cref="PhoneException">It isn't a business.</exception>
    internal async Task<BlockResponse> BlockAsync(PhoneNumber number, bool blocked, CancellationToken cancellationToken)
    {
        (DeviceCredential credential, KeptMessage? kept) = await store.ReadAsync(data => (data.ToCredential(), Find(data, number, null)), cancellationToken);
        return TransportRefusal.Require(await transport.BlockAsync(credential, number, blocked, blocked ? kept?.ReportToken : null, cancellationToken));
    }

    internal async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        TransportRefusal.Require(await transport.ListBlocksAsync(await store.ReadAsync(data => data.ToCredential(), cancellationToken), cancellationToken)).Numbers;

    private static KeptMessage? Find(PhoneData data, PhoneNumber from, EnvelopeId? message)
    {
        KeptMessages? kept = data.Conversations.GetValueOrDefault(from.Digits)?.Kept;
        return message is { } id ? kept?.Find(id.Hex) : kept?.Messages.FindLast(one => one.ReportToken is not null);
    }

    /// <summary>
    /// As much of the message as the phone keeps, for the operator's eyes alone: of a text its first words, of anything else what names it. Never the key of a file, and nothing of
    /// who reports.
    /// </summary>
    private async Task<byte[]> SealAsync(DeviceCredential credential, JsonElement message, CancellationToken cancellationToken)
    {
        byte[]? key = TransportRefusal.Require(await transport.ShowReportKeyAsync(credential, cancellationToken)).Key;
        try
        {
            return key is null
                ? throw new PhoneException("The operator has no key to seal it for, and so can't be shown what it said. Report it without.")
                : ReportBox.Seal(key, MessageText.Preview(message));
        }
        catch (CryptographicException)
        {
            throw new PhoneException("The transport names a key for the operator that is none. Report it without showing what it said.");
        }
    }
}
