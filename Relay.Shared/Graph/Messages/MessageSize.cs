using System.Runtime.InteropServices;
using System.Text.Json;

namespace Relay.Shared.Graph.Messages;

/// <summary>Keeps what a message holds below what fits one envelope of the transport, whatever its single limits add up to.</summary>
internal static class MessageSize
{
    /// <summary>Bytes of the message object as JSON; a little less than an envelope holds in bytes, for ids, context and a file's key.</summary>
    private const int MaxBytes = 36 * 1024;

    internal static GraphError? Check(JsonElement message)
    {
        int bytes = JsonMarshal.GetRawUtf8Value(message).Length;
        return bytes <= MaxBytes ? null : Rule.Invalid($"The message has {bytes} bytes as JSON; at most {MaxBytes} are allowed.");
    }
}
