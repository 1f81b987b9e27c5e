using System.Collections.Frozen;
using System.Text.Json;
using Azure.Security.KeyVault.Keys;

namespace Relay.Shared.Azure;

/// <summary>
/// A file of JSON Web Keys by name, private parts included, with mode 0600; written whole and renamed into place. Processes may share it: each sees
/// what another made or removed, and two never make one key twice. Without a path it is only in memory.
/// </summary>
public sealed class LocalKeyFile
{
    private static readonly TimeSpan LockTime = TimeSpan.FromSeconds(10);

    private readonly string? _path;
    private readonly Lock _gate = new();
    private volatile Content _content = new(FrozenDictionary<string, JsonWebKey>.Empty, default, 0);

    private LocalKeyFile(string? path) => _path = path;

    public static LocalKeyFile InMemory() => new(null);

    /// <summary>Opens or (on the first <see cref="GetOrAdd"/>) makes the file.</summary>
    /// <exception cref="InvalidDataException">The file isn't a map of names to JSON Web Keys.</exception>
    public static LocalKeyFile Open(string path)
    {
        LocalKeyFile file = new(path);
        file.Refresh();
        return file;
    }

    internal JsonWebKey? Find(string name)
    {
        Refresh();
        return _content.Keys.GetValueOrDefault(name);
    }

    /// <summary>The key of that name, made and saved on first use; all callers get the same one.</summary>
    internal JsonWebKey GetOrAdd(string name, Func<JsonWebKey> make)
    {
        if (Find(name) is { } found)
        {
            return found;
        }

        lock (_gate)
        {
            if (Find(name) is { } other)
            {
                return other;
            }

            // Only handed out once it is durable: what a key seals before that is lost with the process.
            JsonWebKey made = make();
            return Change(keys => keys.TryAdd(name, made)).GetValueOrDefault(name) ?? made;
        }
    }

    internal void Remove(string name)
    {
        lock (_gate)
        {
            if (Find(name) is not null)
            {
                Change(keys => keys.Remove(name));
            }
        }
    }

    /// <summary>Changes what is in the file now, whoever wrote it, and saves it if that changed anything.</summary>
    private FrozenDictionary<string, JsonWebKey> Change(Func<Dictionary<string, JsonWebKey>, bool> change)
    {
        using FileStream? held = _path is null ? null : Hold(_path);
        Refresh();
        Dictionary<string, JsonWebKey> keys = new(_content.Keys, StringComparer.Ordinal);
        if (change(keys))
        {
            if (_path is not null)
            {
                Save(_path, keys);
            }

            FileInfo? info = _path is null ? null : new FileInfo(_path);
            _content = new Content(keys.ToFrozenDictionary(StringComparer.Ordinal), info?.LastWriteTimeUtc ?? default, info?.Length ?? 0);
        }

        return _content.Keys;
    }

    /// <summary>Reads the file if another process has written it.</summary>
    private void Refresh()
    {
        if (_path is null || new FileInfo(_path) is not { Exists: true } info || (info.LastWriteTimeUtc == _content.Written && info.Length == _content.Length))
        {
            return;
        }

        try
        {
            Dictionary<string, JsonWebKey> keys = new(StringComparer.Ordinal);
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(_path));
            foreach (JsonProperty key in document.RootElement.EnumerateObject())
            {
                keys[key.Name] = key.Value.Deserialize<JsonWebKey>() ?? throw new JsonException();
            }

            _content = new Content(keys.ToFrozenDictionary(StringComparer.Ordinal), info.LastWriteTimeUtc, info.Length);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException("The local key file is damaged.");
        }
    }

    /// <summary>Keeps other processes from changing the file for as long as the stream is open.</summary>
    private static FileStream Hold(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        FileStream? held = null;
        bool TryHold()
        {
            try
            {
                held = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return true;
            }
            catch (IOException e) when (e.GetType() == typeof(IOException))
            {
                return false;
            }
        }

        return SpinWait.SpinUntil(TryHold, LockTime) && held is not null ? held : throw new IOException("Another process keeps the local key file.");
    }

    private static void Save(string path, Dictionary<string, JsonWebKey> keys)
    {
        // What a crash left there may have any permissions, and they would be kept.
        string temporary = path + ".new";
        File.Delete(temporary);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (FileStream stream = new(temporary, options))
        {
            JsonSerializer.Serialize(stream, keys);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <param name="Keys">By name.</param>
    /// <param name="Written">When the file was, with these keys.</param>
    /// <param name="Length">Of the file.</param>
    private sealed record Content(FrozenDictionary<string, JsonWebKey> Keys, DateTime Written, long Length);
}
