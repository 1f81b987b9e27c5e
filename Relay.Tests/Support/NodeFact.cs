using Xunit;

namespace Relay.Tests.Support;

/// <summary>A fact that runs a Node.js program; skipped only where there is no Node.js.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (!IsOnThePath)
        {
            Skip = "There is no node on the PATH.";
        }
    }

    private static bool IsOnThePath { get; } = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "node.exe" : "node")));
}
