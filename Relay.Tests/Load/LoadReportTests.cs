using Relay.Load.Counting;
using Relay.Load.Measuring;
using Relay.Load.Reporting;
using Xunit;

namespace Relay.Tests.Load;

/// <summary>When a run counts as kept; its exit code follows.</summary>
public sealed class LoadReportTests
{
    private static readonly Tally Good = new()
    {
        Accepted = 10,
        Refused = new Dictionary<string, int>(),
        UnansweredCalls = 2,
        NeverAnswered = 1,
        Delivered = 10,
        Failed = 0,
        Lost = 0,
        ExplainedCopies = 1,
        UnexplainedCopies = 0,
        Untold = 0,
    };

    private static readonly Spread None = Spread.Of([]);

    private static readonly LoadReport Kept = new()
    {
        At = default,
        Machine = new Machine(2, 24, "x", "y", "z"),
        Load = "1.0, 1.0, 1.0",
        What = "load",
        Rate = 20,
        Seconds = 60,
        Users = 132,
        ToUser = Good,
        ToBusiness = Good,
        Lateness = None,
        Accept = new Spread(10, 1, 2, 3),
        EndToEndToUser = None,
        EndToEndToBusiness = None,
        SentTold = None,
        DeliveredTold = None,
        WebhookHandling = None,
        DrainSeconds = 1,
        SentStatuses = 10,
        DeliveredStatuses = 10,
        DeviceRepeats = 0,
        Undecryptable = 0,
        WebhookCalls = 30,
        WebhookRepeats = 2,
        Counters = 10,
        Violations = [],
        Chaos = new ChaosFigures(3, None, Spread.Of([29_000]), Spread.Of([31_000])),
    };

    [Fact]
    public void Repeated_webhooks_and_explained_copies_are_within_the_promise()
    {
        Assert.True(Kept.IsKept);
        Assert.Contains("Every promise was kept.", LoadTable.Of(Kept), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_thing_that_is_wrong_breaks_it()
    {
        LoadReport[] broken =
        [
            Kept with { ToUser = Good with { Lost = 1 } },
            Kept with { ToBusiness = Good with { Lost = 1 } },
            Kept with { ToUser = Good with { UnexplainedCopies = 1 } },
            Kept with { ToUser = Good with { Untold = 1 } },
            Kept with { DeviceRepeats = 1 },
            Kept with { Violations = ["Counter 1 of one ratchet key was used for two ciphertexts."] },
            Kept with { Chaos = new ChaosFigures(3, None, Spread.Of([30_001]), None) },
        ];
        Assert.All(broken, report => Assert.False(report.IsKept));
        Assert.All(broken, report => Assert.Contains("A promise was broken.", LoadTable.Of(report), StringComparison.Ordinal));
        Assert.Contains("BROKEN (1): Counter 1", LoadTable.Of(broken[5]), StringComparison.Ordinal);
    }
}
