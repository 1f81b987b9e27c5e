using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Transport.Numbers;

/// <summary>
/// Keyed hashes, so that nothing in a table key can be confirmed by guessing without the transport's key vault. Each purpose has
/// a key of its own; all are long-lived: a number's key must stay the same as long as the number is registered.
/// </summary>
public sealed class NumberHasher(TransportKeys keys)
{
    private const string NumbersKey = "numbers";
    private const string CodesKey = "codes";
    private const string EnvelopesKey = "envelopes";
    private const string BlocksKey = "blocks";

    /// <summary>What a number is called in table keys.</summary>
    public async ValueTask<NumberHash> HashAsync(PhoneNumber number, CancellationToken cancellationToken) =>
        NumberHash.FromBytes(await MacAsync(NumbersKey, number.Digits, cancellationToken));

    /// <summary>A verification code, bound to the number and to the one attempt to register that it was made for.</summary>
    internal ValueTask<byte[]> HashCodeAsync(NumberHash number, string registrationId, Secret code, CancellationToken cancellationToken) =>
        MacAsync(CodesKey, $"{number.Hex}:{registrationId}:{code.Reveal()}", cancellationToken);

    /// <summary>
    /// Names an envelope by who sent it and by the sender's id for it: equal for a repeat, and silent about the sender, so that the
    /// rows of a mailbox don't say which of them come from the same sender.
    /// </summary>
    internal async ValueTask<string> TagAsync(NumberHash sender, EnvelopeId id, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower((await MacAsync(EnvelopesKey, $"{sender.Hex}:{id.Hex}", cancellationToken)).AsSpan(0, 16));

    /// <summary>One of 16 lanes (a hex digit), the same for all that a sender sends: enough to keep its envelopes in order, too little to know it by.</summary>
    internal async ValueTask<char> LaneAsync(NumberHash sender, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await MacAsync(EnvelopesKey, $"lane:{sender.Hex}", cancellationToken))[0];

    /// <summary>Names a user's block of a business's number: two users' blocks of one number don't look alike.</summary>
    internal async ValueTask<string> BlockAsync(NumberHash user, NumberHash business, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower((await MacAsync(BlocksKey, $"{user.Hex}:{business.Hex}", cancellationToken)).AsSpan(0, 16));

    private async ValueTask<byte[]> MacAsync(string name, string text, CancellationToken cancellationToken)
    {
        using KeyLease key = await keys.Ring.NamedKeyAsync(TransportKeys.Tenant, name, cancellationToken);
        return HMACSHA256.HashData(key.Reveal(), Encoding.ASCII.GetBytes(text));
    }
}
