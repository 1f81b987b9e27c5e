using System.Diagnostics.Metrics;
using Relay.Shared.Graph;
using Relay.Shared.Telemetry;
using Xunit;

namespace Relay.Tests.Telemetry;

/// <summary>What measuring costs on the way of an accept. Alone: a listener elsewhere would make it measure.</summary>
[Collection(nameof(TelemetryCollection))]
public sealed class SilentMetricsTests
{
    [Fact]
    public void A_measurement_allocates_nothing_without_a_listener() => Assert.Equal(0, Bytes());

    [Fact]
    public void A_measurement_allocates_nothing_with_one_either()
    {
        long measured = 0;
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == RelayMetrics.MeterName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => measured++);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => measured++);
        listener.Start();

        long bytes = Bytes();

        Assert.True(measured > 1_000);
        Assert.Equal(0, bytes);
    }

    /// <summary>Once before, so that what is made once is there.</summary>
    private static long Bytes()
    {
        Measure(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Measure(1_000);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Measure(int times)
    {
        for (int i = 0; i < times; i++)
        {
            RelayMetrics.Accepted.Add(AcceptedKind.Message);
            RelayMetrics.Refused.Add(GraphErrorCode.UnknownObject);
            RelayMetrics.Sent.Add(1);
            RelayMetrics.QueueAge.Record(MeteredQueue.Outbound, TimeSpan.FromSeconds(1));
            RelayMetrics.StorageCalls.Add("queue:put");
        }
    }
}

[CollectionDefinition(nameof(TelemetryCollection), DisableParallelization = true)]
public sealed class TelemetryCollection;
