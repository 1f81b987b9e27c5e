using System.Text.Json;
using Relay.Shared.Graph;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Graph;

/// <summary>Every row of the one table is something that a business can meet: a scene through the front door leads to each.</summary>
public sealed class ErrorTableTests
{
    public static TheoryData<int, int> Rows
    {
        get
        {
            TheoryData<int, int> rows = [];
            foreach (GraphErrorCode row in GraphErrorCode.All)
            {
                rows.Add(row.Code, row.Subcode ?? 0);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_scene_leads_to_every_row(int code, int subcode)
    {
        Assert.True(ErrorScenes.All.TryGetValue((code, subcode), out ErrorScene? scene), "Nobody meets this row: take it away, or show here how it is met.");
        await using ErrorWorld world = await ErrorWorld.StartAsync(scene.Change);
        JsonElement error = await scene.Run(world);
        Assert.Equal((code, subcode), (error.GetProperty("code").GetInt32(), error.TryGetProperty("error_subcode", out JsonElement given) ? given.GetInt32() : 0));
        Assert.NotEmpty(TestRelay.Text(error.GetProperty("error_data"), "details"));
    }

    [Fact]
    public void No_scene_leads_nowhere() =>
        Findings.None(ErrorScenes.All.Keys.Except(GraphErrorCode.All.Select(row => (row.Code, row.Subcode ?? 0))).Select(key => key.ToString()));
}
