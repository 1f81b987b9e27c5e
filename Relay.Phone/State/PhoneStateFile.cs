using Relay.Shared.Primitives;

namespace Relay.Phone.State;

/// <summary>
/// A state in one encrypted file (Relay.Phone/README.md), mode 0600, owned by this process until dispose. The key is made or
/// derived once and kept.
/// </summary>
public sealed class PhoneStateFile : IPhoneState
{
    private readonly string _path;
    private readonly IStateKeySource _source;
    private readonly StateLock _lock;
    private StateHeader? _header;
    private SecretBytes? _key;
    private bool _isNew;

    private PhoneStateFile(string path, IStateKeySource source, StateLock stateLock) =>
        (_path, _source, _lock) = (path, source, stateLock);

    /// <exception cref="PhoneException">Another process is using it.</exception>
    public static async Task<PhoneStateFile> OpenAsync(
        string path, IStateKeySource source, TimeProvider time, CancellationToken cancellationToken)
    {
        PrivateFile.CreateFolder(path);
        return new PhoneStateFile(path, source, await StateLock.TakeAsync(path + ".lock", time, cancellationToken));
    }

    /// <exception cref="PhoneException">It can't be opened with this key, or is no state file.</exception>
    public async Task<SecretBytes?> LoadAsync(CancellationToken cancellationToken)
    {
        _isNew = !File.Exists(_path);
        if (_isNew)
        {
            _header = _source.NewHeader();
            return null;
        }

        byte[] file = await File.ReadAllBytesAsync(_path, cancellationToken);
        _header = StateHeader.Parse(file) ?? throw new PhoneException("This is no phone state, or one of another version.");
        return SealedState.Open(Key(_header), file) ?? throw new PhoneException(_header.Salt is null
            ? "The key file doesn't fit this state, or the state was altered."
            : "The passphrase is wrong, or the state was altered.");
    }

    public Task SaveAsync(SecretBytes state, CancellationToken cancellationToken)
    {
        // Saving without having loaded could bury a state that is there.
        StateHeader header = _header ?? throw new InvalidOperationException("A state is loaded before it is saved.");
        cancellationToken.ThrowIfCancellationRequested();
        PrivateFile.Replace(_path, SealedState.Seal(header, Key(header), state.Reveal()));
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _key?.Dispose();
        _lock.Dispose();
    }

    private SecretBytes Key(StateHeader header) => _key ??= _source.KeyFor(header, _isNew);
}
