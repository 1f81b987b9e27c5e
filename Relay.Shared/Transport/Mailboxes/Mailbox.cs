using System.Diagnostics.CodeAnalysis;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Expiry;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Registrations;

namespace Relay.Shared.Transport.Mailboxes;

/// <summary>
/// Where envelopes for a number wait. A person's device fetches them in order: one partition of table <c>mailbox</c>. Those for a business number are
/// pushed one by one and nobody lists them: sixteen partitions of table <c>pushes</c>, by lane of senders, so that a business isn't
/// held to what one partition can take, and what was taken from it long ago weighs on no device's fetch.
/// </summary>
public readonly record struct Mailbox
{
    /// <summary>Every lane there is.</summary>
    internal const string Lanes = "0123456789abcdef";

    private readonly char? _lane;

    private Mailbox(NumberHash recipient, char? lane)
    {
        Recipient = recipient;
        _lane = lane;
    }

    internal NumberHash Recipient { get; }

    internal string Table => _lane is null ? TableNames.Mailbox : TableNames.Pushes;

    internal string Partition => _lane is { } lane ? $"{Recipient.Hex}-{lane}" : Recipient.Hex;

    /// <summary>What the expiry index calls it.</summary>
    internal ExpiryKind Kind => _lane is null ? ExpiryKind.Mailbox : ExpiryKind.Pushes;

    /// <summary>The one that a device fetches from.</summary>
    internal static Mailbox OfDevice(NumberHash recipient) => new(recipient, null);

    /// <summary>The one that is pushed from; <paramref name="lane"/> is a hex digit.</summary>
    internal static Mailbox OfBusiness(NumberHash recipient, char lane) => new(recipient, lane);

    /// <summary>The one in which an envelope of this lane belongs now.</summary>
    internal static Mailbox Of(Account recipient, char lane) =>
        recipient.IsBusiness ? OfBusiness(recipient.Number, lane) : OfDevice(recipient.Number);

    internal static bool TryParse(ExpiryKind kind, string partition, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        string[] parts = partition.Split('-');
        mailbox = (kind, parts) switch
        {
            (ExpiryKind.Mailbox, [var hash]) when NumberHash.TryParse(hash, out NumberHash recipient) => OfDevice(recipient),
            (ExpiryKind.Pushes, [var hash, [var lane]]) when NumberHash.TryParse(hash, out NumberHash recipient) && Lanes.Contains(lane, StringComparison.Ordinal) =>
                OfBusiness(recipient, lane),
            _ => null,
        };
        return mailbox is not null;
    }
}
