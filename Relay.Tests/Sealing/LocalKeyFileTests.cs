using Azure.Security.KeyVault.Keys;
using Relay.Shared.Azure;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Xunit;

namespace Relay.Tests.Sealing;

public sealed class LocalKeyFileTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly UtcDay Day = new(new DateOnly(2026, 11, 22));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("relay-keys-");

    private string KeyPath => Path.Combine(_folder.FullName, "keys.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Keys_survive_a_restart_and_only_the_owner_may_read_them()
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        LocalKeyWrapper first = new(LocalKeyFile.Open(KeyPath));
        WrappedKey wrapped = await first.WrapAsync("1", Day, key, None);
        KeySignature signature = await first.SignAsync("data"u8.ToArray(), None);

        Assert.Equal("1-202611", wrapped.KekId);
        Assert.Equal(384, wrapped.Bytes.Length);
        Assert.Equal(("signing", 64), (signature.KeyId, signature.Bytes.Length));
        Assert.Equal([KeyPath, KeyPath + ".lock"], _folder.GetFiles().Select(file => file.FullName).Order(StringComparer.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        }

        LocalKeyWrapper second = new(LocalKeyFile.Open(KeyPath));
        using SecretBytes? unwrapped = await second.UnwrapAsync(wrapped, None);
        Assert.Equal(key, unwrapped?.Reveal().ToArray());
        Assert.True(await second.VerifyAsync("data"u8.ToArray(), signature, None));
        Assert.False(await second.VerifyAsync("date"u8.ToArray(), signature, None));
        Assert.False(await second.VerifyAsync("data"u8.ToArray(), signature with { Bytes = new byte[64] }, None));
        Assert.False(await second.VerifyAsync("data"u8.ToArray(), signature with { KeyId = "other" }, None));
    }

    [Fact]
    public async Task Two_wrappers_of_one_file_share_every_key()
    {
        LocalKeyFile file = LocalKeyFile.Open(KeyPath);
        LocalKeyWrapper[] wrappers = [new(file), new(file)];
        WrappedKey[] wrapped = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => wrappers[i % 2].WrapAsync("1", Day, new byte[32], None)));

        foreach (WrappedKey one in wrapped)
        {
            using SecretBytes? key = await wrappers[0].UnwrapAsync(one, None);
            Assert.NotNull(key);
        }
    }

    /// <summary>As relay and manager do, each a process: what one makes or destroys the other sees, and writes back neither too little nor too much.</summary>
    [Fact]
    public async Task Two_processes_share_a_file_and_every_key_in_it()
    {
        LocalKeyFile[] files = [LocalKeyFile.Open(KeyPath), LocalKeyFile.Open(KeyPath)];
        LocalKeyWrapper[] wrappers = [new(files[0]), new(files[1])];
        WrappedKey[] wrapped = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => wrappers[i % 2].WrapAsync($"{i / 2}", Day, new byte[32], None)));
        Assert.Equal(3, System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(KeyPath)).RootElement.EnumerateObject().Count());
        foreach (WrappedKey one in wrapped)
        {
            using SecretBytes? key = await wrappers[1].UnwrapAsync(one, None);
            Assert.NotNull(key);
        }

        await wrappers[0].DestroyAsync(KekName.Of("1", Day), None);
        await wrappers[1].WrapAsync("7", Day, new byte[32], None);
        await Assert.ThrowsAsync<StorageFaultException>(() => wrappers[1].UnwrapAsync(wrapped[2], None));
        Assert.DoesNotContain("1-202611", File.ReadAllText(KeyPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_unwrap_is_no_key_and_a_key_that_is_not_there_is_a_fault()
    {
        LocalKeyWrapper wrapper = new(LocalKeyFile.InMemory());
        WrappedKey wrapped = await wrapper.WrapAsync("1", Day, new byte[32], None);

        Assert.Null(await wrapper.UnwrapAsync(wrapped with { Bytes = [.. wrapped.Bytes.Reverse()] }, None));
        Assert.Null(await wrapper.UnwrapAsync(wrapped with { Bytes = [1, 2, 3] }, None));
        await Assert.ThrowsAsync<StorageFaultException>(() => wrapper.UnwrapAsync(wrapped with { KekId = "2-202611" }, None));
        await wrapper.DestroyAsync(KekName.Of("1", Day), None);
        await Assert.ThrowsAsync<StorageFaultException>(() => wrapper.UnwrapAsync(wrapped, None));
    }

    [Fact]
    public async Task A_destroyed_key_is_gone_from_the_file_too()
    {
        LocalKeyWrapper wrapper = new(LocalKeyFile.Open(KeyPath));
        WrappedKey wrapped = await wrapper.WrapAsync("1", Day, new byte[32], None);
        WrappedKey other = await wrapper.WrapAsync("2", Day, new byte[32], None);
        await wrapper.DestroyAsync(KekName.Of("1", Day), None);
        await wrapper.DestroyAsync(KekName.Of("1", Day), None);

        Assert.DoesNotContain("1-202611", File.ReadAllText(KeyPath), StringComparison.Ordinal);
        foreach (LocalKeyWrapper one in new[] { wrapper, new LocalKeyWrapper(LocalKeyFile.Open(KeyPath)) })
        {
            StorageFaultException fault = await Assert.ThrowsAsync<StorageFaultException>(() => one.UnwrapAsync(wrapped, None));
            Assert.Equal(404, fault.Status);
            using SecretBytes? kept = await one.UnwrapAsync(other, None);
            Assert.NotNull(kept);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"signing":null}""")]
    [InlineData("""{"signing":7}""")]
    public void A_damaged_file_is_said_to_be_one(string content)
    {
        File.WriteAllText(KeyPath, content);
        InvalidDataException damaged = Assert.Throws<InvalidDataException>(() => LocalKeyFile.Open(KeyPath));
        Assert.Equal("The local key file is damaged.", damaged.Message);
        Assert.Equal(content, File.ReadAllText(KeyPath));
    }

    [Fact]
    public void What_an_earlier_crash_left_beside_the_file_lends_it_no_permissions()
    {
        File.WriteAllText(KeyPath + ".new", "half");
        LocalKeyFile.Open(KeyPath).GetOrAdd("a", Make);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        }
    }

    /// <summary>A key that isn't on disk must not be used: what it sealed would be lost with the process.</summary>
    [Fact]
    public void A_key_that_could_not_be_saved_is_not_handed_out()
    {
        string notAFolder = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(notAFolder, "");
        string nowhere = Path.Combine(notAFolder, "keys.json");
        LocalKeyFile file = LocalKeyFile.Open(nowhere);

        Assert.ThrowsAny<IOException>(() => file.GetOrAdd("a", Make));
        Assert.Null(file.Find("a"));
        Assert.ThrowsAny<IOException>(() => file.GetOrAdd("a", Make));

        File.Delete(notAFolder);
        JsonWebKey made = file.GetOrAdd("a", Make);
        Assert.Equal(made.X, LocalKeyFile.Open(nowhere).Find("a")?.X);
    }

    private static JsonWebKey Make() => new(System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256), includePrivateParameters: true);
}
