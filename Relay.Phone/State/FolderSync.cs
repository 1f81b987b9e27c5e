using System.Runtime.InteropServices;

namespace Relay.Phone.State;

/// <summary>Makes a rename survive a power cut: on Unix the folder has to be flushed too, and .NET doesn't open folders.</summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;

    internal static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = open(folder, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException("The folder of the state can't be opened.");
        }

        int flushed = fsync(descriptor);
        _ = close(descriptor);
        if (flushed != 0)
        {
            throw new IOException("The folder of the state can't be flushed.");
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
