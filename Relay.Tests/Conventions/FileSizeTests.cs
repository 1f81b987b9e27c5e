using Relay.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Relay.Tests.Conventions;

/// <summary>Small files: the median of what we ship is at most 60 lines, nothing is over 400 (style.md §1.10).</summary>
public sealed class FileSizeTests(ITestOutputHelper output)
{
    private const int MaxLines = 400;
    private const int MaxMedian = 60;

    [Fact]
    public void No_file_is_over_400_lines()
    {
        SourceFile[] longest = [.. SourceFile.CSharp.OrderByDescending(file => file.Lines.Length).Take(10)];
        foreach (SourceFile file in longest)
        {
            output.WriteLine($"{file.Lines.Length,5}  {file.Path}");
        }

        Findings.None(longest.Where(file => file.Lines.Length > MaxLines).Select(file => file.Path));
    }

    [Fact]
    public void The_median_of_what_we_ship_is_small()
    {
        int[] shipped = [.. SourceFile.CSharp.Where(file => !file.Path.StartsWith("Relay.Tests/", StringComparison.Ordinal)).Select(file => file.Lines.Length).Order()];
        int[] tests = [.. SourceFile.Under("Relay.Tests").Select(file => file.Lines.Length).Order()];
        output.WriteLine($"shipped: {shipped.Length} files, median {shipped[shipped.Length / 2]}, p90 {shipped[shipped.Length * 9 / 10]}");
        output.WriteLine($"tests:   {tests.Length} files, median {tests[tests.Length / 2]}, p90 {tests[tests.Length * 9 / 10]}");

        Assert.InRange(shipped[shipped.Length / 2], 1, MaxMedian);
        Assert.InRange(shipped[shipped.Length * 9 / 10], 1, 200);
    }
}
