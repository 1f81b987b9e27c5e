using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Infrastructure;

/// <summary>
/// The templates compile without a word, make what the code needs, and give nobody more. With <c>RELAY_WRITE_INFRA=1</c> the tests write
/// <c>infra/catalog.json</c> and <c>infra/snapshots</c> anew instead of comparing: run twice, and read the difference before you commit it.
/// </summary>
public sealed class InfrastructureTests
{
    private static readonly bool Writes = Environment.GetEnvironmentVariable("RELAY_WRITE_INFRA") == "1";

    public static TheoryData<string, string> RegionsAndChecks
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string region in Bicep.Regions.Concat(Bicep.Variants))
            {
                foreach (string check in StampChecks.All.Keys)
                {
                    data.Add(region, check);
                }
            }

            return data;
        }
    }

    [Fact]
    public void There_are_three_regions_at_least() => Assert.True(Bicep.Regions.Count() >= 3);

    [Fact]
    public void The_catalog_is_the_codes() => Golden(Path.Combine(Bicep.Folder, "catalog.json"), StampCatalog.Expected());

    [Fact]
    public void Every_snapshot_is_as_committed()
    {
        foreach ((string region, string snapshot) in Bicep.Snapshots)
        {
            Golden(Path.Combine(Bicep.Folder, "snapshots", $"{region}.json"), snapshot);
        }
    }

    [Fact]
    public void The_compiler_and_the_linter_have_nothing_to_say()
    {
        string copy = Bicep.Copy();
        try
        {
            Findings.None(Bicep.Complaints(copy, "build", "main.bicep", "--outfile", Path.Combine(copy, "main.json")));
            Findings.None(Bicep.Complaints(copy, "lint", "main.bicep"));
            foreach (string file in Bicep.Regions.Concat(Bicep.Variants).Select(region => $"parameters/{region}.bicepparam").Append("main.bicepparam"))
            {
                Findings.None(Bicep.Complaints(copy, "build-params", file, "--outfile", Path.Combine(copy, "parameters.json")));
            }
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    /// <summary>The variants are what they are for.</summary>
    [Fact]
    public void Variants_take_the_branches_that_regions_do_not()
    {
        Assert.DoesNotContain(Bicep.Resources("open"), resource => $"{resource?["type"]}".StartsWith("Microsoft.Network/", StringComparison.Ordinal));
        Assert.Contains("\"value\":\"203.0.113.7\"", Bicep.Resources("opened").ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("\"ipAddress\":\"198.51.100.0/24\"", Bicep.Resources("opened").ToJsonString(), StringComparison.Ordinal);
        foreach (string region in Bicep.Regions)
        {
            Assert.DoesNotContain("\"ipAddress\":", Bicep.Resources(region).ToJsonString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(RegionsAndChecks))]
    public void A_stamp_is_what_it_must_be(string region, string check) => Findings.None(StampChecks.All[check](Bicep.Resources(region)));

    private static void Golden(string path, string now)
    {
        if (Writes)
        {
            File.WriteAllText(path, now);
        }

        Assert.True(File.Exists(path), $"{path} is missing.");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), now.ReplaceLineEndings("\n"));
    }
}
