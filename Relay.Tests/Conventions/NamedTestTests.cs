using System.Reflection;
using System.Text.RegularExpressions;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Conventions;

/// <summary>What a document says is proved by a test, is: every test that it names exists.</summary>
public sealed class NamedTestTests
{
    private static readonly Assembly s_tests = typeof(NamedTestTests).Assembly;

    [Theory]
    [InlineData("docs/privacy.md", 40)]
    [InlineData("docs/reliability.md", 20)]
    [InlineData("docs/threat-model.md", 0)]
    [InlineData("docs/compliance.md", 40)]
    [InlineData("docs/operations.md", 1)]
    [InlineData("docs/storage.md", 0)]
    public void Every_test_that_is_named_exists(string document, int atLeast)
    {
        string[] named =
            [.. Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, document)), @"`(\w+Tests(?:\.\w+)?)`").Select(match => match.Groups[1].Value).Distinct()];
        Assert.True(named.Length >= atLeast, $"{document} names {named.Length} tests.");
        Findings.None(named.Where(name => !Exists(name)));
    }

    [Theory]
    [InlineData("NamedTestTests", true)]
    [InlineData("NamedTestTests.Every_test_that_is_named_exists", true)]
    [InlineData("NamedTestTests.Every_test_that_was_named_exists", false)]
    [InlineData("UnnamedTestTests", false)]
    public void A_class_or_a_method_that_runs_is_a_test(string name, bool exists) => Assert.Equal(exists, Exists(name));

    private static bool Exists(string name)
    {
        string[] parts = name.Split('.');
        return s_tests.GetTypes().Any(type => type.Name == parts[0]
            && type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute), inherit: true) && (parts.Length == 1 || method.Name == parts[1])));
    }
}
