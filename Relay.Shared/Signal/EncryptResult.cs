namespace Relay.Shared.Signal;

/// <summary>A message and the record that must be stored before the message leaves.</summary>
public sealed class EncryptResult
{
    internal EncryptResult(SignalCiphertext message, SessionRecord next)
    {
        Message = message;
        Next = next;
    }

    public SignalCiphertext Message { get; }

    public SessionRecord Next { get; }

    public void Deconstruct(out SignalCiphertext message, out SessionRecord next) => (message, next) = (Message, Next);
}
