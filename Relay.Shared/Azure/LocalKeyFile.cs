using System.Collections.Concurrent;
using System.Text.Json;
using Azure.Security.KeyVault.Keys;

namespace Relay.Shared.Azure;

/// <summary>
/// A file of JSON Web Keys by name, private parts included, with mode 0600; written whole and renamed into place. Without a
/// path it is only in memory.
/// </summary>
public sealed class LocalKeyFile
{
    private readonly string? _path;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, JsonWebKey> _keys = new(StringComparer.Ordinal);

    private LocalKeyFile(string? path) => _path = path;

    public static LocalKeyFile InMemory() => new(null);

    /// <summary>Opens or (on the first <see cref="GetOrAdd"/>) makes the file.</summary>
    /// <exception cref="InvalidDataException">The file isn't a map of names to JSON Web Keys.</exception>
    public static LocalKeyFile Open(string path)
    {
        LocalKeyFile file = new(path);
        if (!File.Exists(path))
        {
            return file;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (JsonProperty key in document.RootElement.EnumerateObject())
            {
                file._keys[key.Name] = key.Value.Deserialize<JsonWebKey>() ?? throw new JsonException();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException("The local key file is damaged.");
        }

        return file;
    }

    internal JsonWebKey? Find(string name) => _keys.GetValueOrDefault(name);

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

            JsonWebKey made = make();
            if (_path is not null)
            {
                Save(_path, new Dictionary<string, JsonWebKey>(_keys) { [name] = made });
            }

            // Only now: what a key seals before it is durable is lost with the process.
            return _keys[name] = made;
        }
    }

    internal void Remove(string name)
    {
        lock (_gate)
        {
            if (Find(name) is null)
            {
                return;
            }

            if (_path is not null)
            {
                Save(_path, _keys.Where(key => key.Key != name).ToDictionary());
            }

            _keys.TryRemove(name, out _);
        }
    }

    private static void Save(string path, Dictionary<string, JsonWebKey> keys)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

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
}
