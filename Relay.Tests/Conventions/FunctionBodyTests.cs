using System.Text.RegularExpressions;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Conventions;

/// <summary>A function is a signature and one expression, so that there is nothing in a host that a test of an operation doesn't see.</summary>
public sealed partial class FunctionBodyTests
{
    private const int MaxLines = 12;
    private const int MaxFunctions = 6;

    private static readonly SourceFile[] Files = [.. SourceFile.Under("Relay.Functions").Where(file => file.Path.EndsWith("Functions.cs", StringComparison.Ordinal) && Count(file) > 0)];

    [Fact]
    public void A_function_is_one_expression()
    {
        Assert.NotEmpty(Files);
        Findings.None(Files.SelectMany(Blocks));
    }

    [Fact]
    public void A_class_of_functions_is_about_one_resource() =>
        Findings.None(Files.Where(file => Count(file) > MaxFunctions).Select(file => $"{file.Path}: {Count(file)}"));

    [Fact]
    public void Functions_stand_in_files_that_say_so() =>
        Findings.None(SourceFile.Under("Relay.Functions").Where(file => Count(file) > 0).Except(Files).Select(file => file.Path));

    private static int Count(SourceFile file) => file.Lines.Count(line => Attribute().IsMatch(line));

    /// <summary>From the attribute on: the arrow must come before any brace, and the expression must soon end.</summary>
    private static IEnumerable<string> Blocks(SourceFile file)
    {
        for (int start = 0; start < file.Lines.Length; start++)
        {
            if (Attribute().IsMatch(file.Lines[start]))
            {
                string[] rest = [.. file.Lines.Skip(start)];
                int arrow = Array.FindIndex(rest, line => line.Contains("=>", StringComparison.Ordinal));
                int brace = Array.FindIndex(rest, line => line is "    {");
                int end = Array.FindIndex(rest, line => line.EndsWith(';'));
                if (arrow < 0 || (brace >= 0 && brace < arrow) || end - arrow > MaxLines)
                {
                    yield return $"{file.Path}:{start + 1}";
                }
            }
        }
    }

    [GeneratedRegex(@"^\s*\[Function\(")]
    private static partial Regex Attribute();
}
