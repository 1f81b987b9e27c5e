using Xunit;

namespace Relay.Tests.Support;

/// <summary>A fact that runs a Node.js program; skipped only where there is no Node.js.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        Skip = Missing;
    }

    /// <summary>Why nothing on Node.js can run here, or null.</summary>
    internal static string? Missing { get; } = IsOnThePath() ? null : "There is no node on the PATH.";

    private static bool IsOnThePath() => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "node.exe" : "node")));
}

/// <summary>A theory that runs a Node.js program; skipped only where there is no Node.js.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute()
    {
        Skip = NodeFactAttribute.Missing;
    }
}
