using Xunit;

namespace Relay.Tests.Support;

/// <summary>A convention's result: fails with all that was found, uncut, one a line.</summary>
internal static class Findings
{
    public static void None(IEnumerable<string?> found)
    {
        string[] all = [.. found.Select(text => text ?? "?")];
        Assert.True(all.Length == 0, string.Join(Environment.NewLine, all));
    }
}
