namespace Relay.Phone.State;

/// <summary>Files for their owner alone (0600, in folders of 0700), replaced whole: a reader sees the old one or the new one.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>On disk when it returns: a ciphertext may leave only after its state can't be lost by a power cut.</summary>
    internal static void Replace(string path, ReadOnlySpan<byte> content)
    {
        string temporary = path + ".new";
        File.Delete(temporary);
        using (FileStream stream = new(temporary, Options(FileMode.CreateNew, FileShare.None)))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        FolderSync.Flush(FolderOf(path));
    }

    /// <summary>Open for this process alone, made if missing.</summary>
    internal static FileStream OpenExclusive(string path) => new(path, Options(FileMode.OpenOrCreate, FileShare.None));

    internal static void CreateFolder(string path)
    {
        string folder = FolderOf(path);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    internal static bool IsPrivate(string path) => OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & ~OwnerOnly) == 0;

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetPathRoot(path) ?? ".";

    private static FileStreamOptions Options(FileMode mode, FileShare share)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
