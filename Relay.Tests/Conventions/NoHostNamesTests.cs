using System.Text.RegularExpressions;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Conventions;

/// <summary>Nothing that is committed names the machine it was written on or a package registry: a checkout builds anywhere.</summary>
public sealed class NoHostNamesTests
{
    private static readonly string[] Patterns =
        ["*.cs", "*.csproj", "*.props", "*.json", "*.md", "*.yaml", "*.yml", "*.sh", "*.mjs", "*.cjs", "*.bicep", "*.sln", "*.txt", "*.config", ".npmrc", "relay", "run", ".editorconfig", ".gitignore"];

    private static readonly string[] Ignored = ["local.settings.json"];

    // In parts, so that this file doesn't hold what it looks for.
    private static readonly string[] Registries =
    [
        "nuget" + @"\.org", "nuget" + @"\.pkg\.github", "npmjs" + @"\.(org|com)", "yarnpkg" + @"\.com", "pypi" + @"\.org", "pythonhosted" + @"\.org",
        "pkgs" + @"\.dev\.azure", "pkgs" + @"\.visualstudio", "artifac" + "tory", "crates" + @"\.io", "proxy" + @"\.golang", "repo" + @"\.maven",
    ];

    private static readonly Regex MachinePath = new("(^|[^A-Za-z.])/" + "(work|farm|tmp)/");

    private static readonly Regex Registry = new(string.Join('|', Registries), RegexOptions.IgnoreCase);

    private static readonly SourceFile[] Files =
        [.. Patterns.SelectMany(SourceFile.All).DistinctBy(file => file.Path).Where(file => !Ignored.Contains(Path.GetFileName(file.Path)))];

    [Fact]
    public void No_file_holds_a_path_of_a_machine() => Findings.None(Find(MachinePath));

    [Fact]
    public void No_file_holds_the_host_name_of_a_package_registry() => Findings.None(Find(Registry));

    [Fact]
    public void What_is_looked_for_would_be_found()
    {
        Assert.Matches(MachinePath, "cd /" + "work/main");
        Assert.DoesNotMatch(MachinePath, "artifacts/work/x");
        Assert.Matches(Registry, "https://api.nuget" + ".org/v3/index.json");
        Assert.Contains(Files, file => file.Path == "relay");
    }

    private static IEnumerable<string> Find(Regex pattern) =>
        from file in Files
        from line in file.Lines.Select((text, index) => (Text: text, Number: index + 1))
        where pattern.IsMatch(line.Text)
        select $"{file.Path}:{line.Number}";
}
