using System.Text;
using Microsoft.Extensions.Time.Testing;
using Relay.Phone;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Phone;

/// <summary>The promises of the state file: private, whole, sealed, one owner.</summary>
public sealed class PhoneStateFileTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("the state of a phone");

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "relay-phone-" + Guid.NewGuid().ToString("N"));
    private readonly FakeTimeProvider _time = new();

    private string StatePath => Path.Combine(_folder, "phone.state");

    private string KeyPath => StatePath + ".key";

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_is_saved_is_loaded()
    {
        await SaveAsync(new KeyFile(KeyPath));
        Assert.Equal(Content, await LoadAsync(new KeyFile(KeyPath)));
    }

    [Fact]
    public async Task A_passphrase_opens_what_it_locked()
    {
        await SaveAsync(Passphrase("correct horse"));
        Assert.Equal(Content, await LoadAsync(Passphrase("correct horse")));
        Assert.False(File.Exists(KeyPath));
    }

    [Fact]
    public async Task A_wrong_passphrase_is_told_in_one_line()
    {
        await SaveAsync(Passphrase("correct horse"));
        PhoneException error = await Assert.ThrowsAsync<PhoneException>(() => LoadAsync(Passphrase("wrong horse")));
        Assert.Equal("The passphrase is wrong, or the state was altered.", error.Message);
    }

    [Fact]
    public async Task A_state_keeps_to_the_source_of_its_key()
    {
        await SaveAsync(Passphrase("correct horse"));
        await Assert.ThrowsAsync<PhoneException>(() => LoadAsync(new KeyFile(KeyPath)));
        File.Delete(StatePath);
        await SaveAsync(new KeyFile(KeyPath));
        await Assert.ThrowsAsync<PhoneException>(() => LoadAsync(Passphrase("correct horse")));
    }

    [Fact]
    public async Task Another_or_a_missing_key_file_does_not_open_it()
    {
        await SaveAsync(new KeyFile(KeyPath));
        byte[] key = await File.ReadAllBytesAsync(KeyPath);
        key[0] ^= 1;
        await File.WriteAllBytesAsync(KeyPath, key);
        await Assert.ThrowsAsync<PhoneException>(() => LoadAsync(new KeyFile(KeyPath)));
        File.Delete(KeyPath);
        await Assert.ThrowsAsync<PhoneException>(() => LoadAsync(new KeyFile(KeyPath)));
        Assert.False(File.Exists(KeyPath));
    }

    [Fact]
    public async Task Each_changed_bit_and_each_cut_is_noticed()
    {
        await SaveAsync(new KeyFile(KeyPath));
        byte[] file = await File.ReadAllBytesAsync(StatePath);
        for (int i = 0; i < file.Length; i++)
        {
            byte[] altered = [.. file];
            altered[i] ^= (byte)(1 << (i % 8));
            await File.WriteAllBytesAsync(StatePath, altered);
            await Assert.ThrowsAsync<PhoneException>(() => LoadAsync(new KeyFile(KeyPath)));
            await File.WriteAllBytesAsync(StatePath, file[..i]);
            await Assert.ThrowsAsync<PhoneException>(() => LoadAsync(new KeyFile(KeyPath)));
        }
    }

    [Fact]
    public void A_header_cannot_ask_for_all_memory()
    {
        byte[] header = new byte[StateHeader.Size];
        StateHeader.Passphrase(passes: 3, memoryKiB: 1024 * 1024).Write(header);
        Assert.NotNull(StateHeader.Parse(header));
        StateHeader.Passphrase(passes: 3, memoryKiB: (1024 * 1024) + 1).Write(header);
        Assert.Null(StateHeader.Parse(header));
        StateHeader.Passphrase(passes: 17, memoryKiB: 64).Write(header);
        Assert.Null(StateHeader.Parse(header));
    }

    [Fact]
    public async Task Files_are_their_owners_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await SaveAsync(new KeyFile(KeyPath));
        UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        foreach (string file in Directory.GetFiles(_folder))
        {
            Assert.Equal(ownerOnly, File.GetUnixFileMode(file));
        }

        Assert.Equal(ownerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));

        File.SetUnixFileMode(KeyPath, ownerOnly | UnixFileMode.GroupRead);
        await Assert.ThrowsAsync<PhoneException>(() => LoadAsync(new KeyFile(KeyPath)));
    }

    [Fact]
    public async Task A_crash_while_writing_leaves_the_state_before_it()
    {
        await SaveAsync(new KeyFile(KeyPath));
        await File.WriteAllBytesAsync(StatePath + ".new", [1, 2, 3]);
        Assert.Equal(Content, await LoadAsync(new KeyFile(KeyPath)));
        await SaveAsync(new KeyFile(KeyPath));
        Assert.False(File.Exists(StatePath + ".new"));
    }

    [Fact]
    public async Task A_state_is_not_overwritten_unread()
    {
        using PhoneStateFile state = await PhoneStateFile.OpenAsync(StatePath, new KeyFile(KeyPath), _time, None);
        using SecretBytes content = SecretBytes.CopyOf(Content);
        await Assert.ThrowsAsync<InvalidOperationException>(() => state.SaveAsync(content, None));
    }

    [Fact]
    public async Task A_second_owner_waits_five_seconds_and_gives_up()
    {
        using PhoneStateFile first = await PhoneStateFile.OpenAsync(StatePath, new KeyFile(KeyPath), _time, None);
        Task<PhoneStateFile> second = PhoneStateFile.OpenAsync(StatePath, new KeyFile(KeyPath), _time, None);
        Assert.False(second.IsCompleted);
        for (int i = 0; i < 100 && !second.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await Assert.ThrowsAsync<PhoneException>(() => second);
    }

    [Fact]
    public async Task Nothing_readable_lies_in_the_file_of_a_phone_in_use()
    {
        FakeTransport transport = new(_time);
        PhoneNumber number = PhonePair.Number("+4915112345678");
        using PhoneStateFile state = await PhoneStateFile.OpenAsync(StatePath, new KeyFile(KeyPath), _time, None);
        using PhoneDevice device = new(state, transport.Connect(), _time);
        using PhoneDevice other = new(new MemoryPhoneState(), transport.Connect(), _time);
        await PhonePair.RegisterAsync(device, number);
        await PhonePair.RegisterAsync(other, PhonePair.Number("+4915187654321"));
        await other.SendTextAsync(number, "canary in the mine", null, None);
        await device.ReceiveAsync(new Relay.Phone.Receiving.ReceiveOptions(), None);

        using SecretBytes? saved = await state.LoadAsync(None);
        string json = Encoding.UTF8.GetString(Assert.IsType<SecretBytes>(saved).Reveal());
        string file = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(StatePath));
        foreach (string marker in new[] { "canary in the mine", "4915112345678", "4915187654321", "credential" })
        {
            Assert.Contains(marker, json, StringComparison.Ordinal);
            Assert.DoesNotContain(marker, file, StringComparison.Ordinal);
        }

        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(json);
        byte[] identity = document.RootElement.GetProperty("identity").GetBytesFromBase64();
        Assert.DoesNotContain(Encoding.Latin1.GetString(identity), file, StringComparison.Ordinal);
    }

    private static PassphraseKey Passphrase(string text) => new(new Secret(text), passes: 1, memoryKiB: 64);

    private async Task SaveAsync(IStateKeySource source)
    {
        using PhoneStateFile state = await PhoneStateFile.OpenAsync(StatePath, source, _time, None);
        using SecretBytes? before = await state.LoadAsync(None);
        using SecretBytes content = SecretBytes.CopyOf(Content);
        await state.SaveAsync(content, None);
    }

    private async Task<byte[]?> LoadAsync(IStateKeySource source)
    {
        using PhoneStateFile state = await PhoneStateFile.OpenAsync(StatePath, source, _time, None);
        using SecretBytes? saved = await state.LoadAsync(None);
        return saved?.Reveal().ToArray();
    }
}
