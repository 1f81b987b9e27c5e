using System.Text.Json;
using Relay.Shared.Primitives;

namespace Relay.Phone.State;

/// <summary>
/// One phone's data in memory and in its state. Changes go one after the other; each is saved before the call returns, and one
/// that fails anywhere is forgotten: the next caller reads what was saved last.
/// </summary>
internal sealed class PhoneStore(IPhoneState state) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private PhoneData? _data;

    internal static PhoneException AlreadyRegistered() =>
        new("This state belongs to a registered phone already: name another one with --state.");

    internal Task<bool> IsEmptyAsync(CancellationToken cancellationToken) =>
        LockedAsync(async () => await LoadAsync(cancellationToken) is null, cancellationToken);

    internal Task StartAsync(PhoneData data, CancellationToken cancellationToken) => LockedAsync(
        async () =>
        {
            if (await LoadAsync(cancellationToken) is not null)
            {
                throw AlreadyRegistered();
            }

            _data = data;
            await SaveAsync(data, cancellationToken);
            return true;
        },
        cancellationToken);

    internal Task<T> ReadAsync<T>(Func<PhoneData, T> read, CancellationToken cancellationToken) =>
        LockedAsync(async () => read(await RequireAsync(cancellationToken)), cancellationToken);

    internal Task<T> ChangeAsync<T>(Func<PhoneData, T> change, CancellationToken cancellationToken) => LockedAsync(
        async () =>
        {
            PhoneData data = await RequireAsync(cancellationToken);
            T result = change(data);
            await SaveAsync(data, cancellationToken);
            return result;
        },
        cancellationToken);

    public void Dispose()
    {
        Forget();
        _gate.Dispose();
    }

    private async Task<T> LockedAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        bool done = false;
        try
        {
            T result = await work();
            done = true;
            return result;
        }
        finally
        {
            // A ratchet that moved in memory alone must not be used: its next save would skip the step that failed.
            if (!done)
            {
                Forget();
            }

            _gate.Release();
        }
    }

    private async Task<PhoneData> RequireAsync(CancellationToken cancellationToken) =>
        await LoadAsync(cancellationToken) ?? throw new PhoneException("This phone isn't registered: run register first.");

    private async Task<PhoneData?> LoadAsync(CancellationToken cancellationToken)
    {
        if (_data is null)
        {
            using SecretBytes? saved = await state.LoadAsync(cancellationToken);
            _data = saved is null ? null : Parse(saved);
        }

        return _data;
    }

    private async Task SaveAsync(PhoneData data, CancellationToken cancellationToken)
    {
        using SecretBytes json = SecretBytes.Own(JsonSerializer.SerializeToUtf8Bytes(data, PhoneJson.Default.PhoneData));
        await state.SaveAsync(json, cancellationToken);
    }

    private static PhoneData Parse(SecretBytes saved)
    {
        try
        {
            if (JsonSerializer.Deserialize(saved.Reveal(), PhoneJson.Default.PhoneData) is not { Version: >= 1 and <= PhoneData.CurrentVersion } data)
            {
                throw new PhoneException("The state is of another version.");
            }

            data.Version = PhoneData.CurrentVersion;
            return data;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or FormatException)
        {
            throw new PhoneException("The state is damaged.");
        }
    }

    private void Forget()
    {
        _data?.Dispose();
        _data = null;
    }
}
