using Relay.Shared.Primitives;

namespace Relay.Phone.State;

/// <summary>The state's key from a passphrase; costs and salt are those of the header.</summary>
public sealed class PassphraseKey : IStateKeySource
{
    private readonly Secret _passphrase;
    private readonly int _passes;
    private readonly int _memoryKiB;

    public PassphraseKey(Secret passphrase)
        : this(passphrase, StateHeader.DefaultPasses, StateHeader.DefaultMemoryKiB)
    {
    }

    /// <summary>With other costs for new files: for tests.</summary>
    internal PassphraseKey(Secret passphrase, int passes, int memoryKiB) =>
        (_passphrase, _passes, _memoryKiB) = (passphrase, passes, memoryKiB);

    StateHeader IStateKeySource.NewHeader() => StateHeader.Passphrase(_passes, _memoryKiB);

    SecretBytes IStateKeySource.KeyFor(StateHeader header, bool isNew) => header.Salt is { } salt
        ? Argon2id.Derive(_passphrase, salt, header.Passes, header.MemoryKiB)
        : throw new PhoneException("This state is locked with a key file, not with a passphrase.");
}
