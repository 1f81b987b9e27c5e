namespace Relay.Benchmarks;

/// <summary>Where the sources are, as seen from the build's output.</summary>
internal static class Repository
{
    /// <summary>The folder of Relay.sln, or the current one when the program was taken elsewhere.</summary>
    internal static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Relay.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? Environment.CurrentDirectory;
    }
}
