using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Idempotency;

/// <summary>A request with an Idempotency-Key as storage knows it: two hashes under keys of the business's own.</summary>
/// <param name="Name">Phone number id and key: 64 hex digits.</param>
/// <param name="Fingerprint">What was asked for; 32 bytes.</param>
public sealed record KeyedRequest(string Name, byte[] Fingerprint);

/// <summary>
/// Names requests. The fingerprint is over the request as it was read, members in the order of their declaration and absent ones left
/// out: JSON and form, spaces and the order of members don't count, every member that Relay knows does.
/// </summary>
public sealed partial class NameRequest(KeyRing keys)
{
    private const int SubkeySize = 32;

    internal async ValueTask<KeyedRequest> ExecuteAsync(
        BusinessId business, PhoneNumberId number, IdempotencyKey key, SendMessageRequest request, CancellationToken cancellationToken)
    {
        using KeyLease subkeys = await keys.DerivedKeysAsync(business.Value, "idempotency", "relay idempotency key", 2 * SubkeySize, cancellationToken);
        return Hash(subkeys.Reveal(), number, key, request);
    }

    private static KeyedRequest Hash(ReadOnlySpan<byte> subkeys, PhoneNumberId number, IdempotencyKey key, SendMessageRequest request)
    {
        Span<byte> name = stackalloc byte[512];
        int length = Append(name, 0, number.Value);
        length = Append(name, length, key.Reveal());
        byte[] canonical = JsonSerializer.SerializeToUtf8Bytes(request, CanonicalJson.Default.SendMessageRequest);
        return new KeyedRequest(
            Convert.ToHexStringLower(HMACSHA256.HashData(subkeys[..SubkeySize], name[..length])), HMACSHA256.HashData(subkeys[SubkeySize..], canonical));
    }

    private static int Append(Span<byte> input, int at, string text)
    {
        int length = Encoding.ASCII.GetBytes(text, input[(at + 4)..]);
        BinaryPrimitives.WriteInt32BigEndian(input[at..], length);
        return at + 4 + length;
    }

    // Absent members are left out, so that a member added by a later version changes no fingerprint of an earlier one.
    [JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(SendMessageRequest))]
    private sealed partial class CanonicalJson : JsonSerializerContext;
}
