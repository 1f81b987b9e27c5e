using Relay.Shared.Primitives;

namespace Relay.Phone.State;

/// <summary>The state's key from a file of 32 random bytes that only its owner may read; made with the state, never replaced.</summary>
public sealed class KeyFile(string path) : IStateKeySource
{
    private const int KeySize = 32;

    StateHeader IStateKeySource.NewHeader() => StateHeader.KeyFile;

    SecretBytes IStateKeySource.KeyFor(StateHeader header, bool isNew)
    {
        if (header.Salt is not null)
        {
            throw new PhoneException("This state is locked with a passphrase: name its variable with --passphrase-env.");
        }

        return File.Exists(path) ? Read() : isNew ? Create() : throw new PhoneException("The key file of this state is missing.");
    }

    private SecretBytes Read()
    {
        if (!PrivateFile.IsPrivate(path))
        {
            throw new PhoneException("Others may read the key file of this state: set its mode to 0600.");
        }

        byte[] key = File.ReadAllBytes(path);
        return key.Length == KeySize ? SecretBytes.Own(key) : throw new PhoneException("The key file of this state is damaged.");
    }

    private SecretBytes Create()
    {
        SecretBytes key = SecretBytes.Random(KeySize);
        PrivateFile.Replace(path, key.Reveal());
        return key;
    }
}
