namespace Relay.Shared.Signal;

/// <summary>A message as it travels. The bytes are not copied and must not be changed.</summary>
public sealed class SignalCiphertext
{
    public SignalCiphertext(SignalMessageKind kind, byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        Kind = kind;
        Bytes = bytes;
    }

    public SignalMessageKind Kind { get; }

    public byte[] Bytes { get; }
}
