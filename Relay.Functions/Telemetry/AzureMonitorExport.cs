using Azure.Monitor.OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Relay.Shared.Azure;

namespace Relay.Functions.Telemetry;

/// <summary>
/// Sends to Azure Monitor what the catalogue has, all of it, and nothing of the exporter's own: no sampling, no counters of the process, no live metrics, no
/// statistics for its maker. What can't be sent is lost; it is never written to a disk.
/// </summary>
internal static class AzureMonitorExport
{
    /// <summary>Named, so that no configuration or environment variable that the exporter knows changes it.</summary>
    internal const string Name = "relay";

    /// <summary>The exporter reads them once, from the process: nothing else turns off what it counts of itself.</summary>
    private static readonly (string Name, string Value)[] OwnCounts =
    [
        ("APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "true"), ("APPLICATIONINSIGHTS_SDKSTATS_DISABLED_ALL", "true"), ("OTEL_DOTNET_AZURE_MONITOR_ENABLE_RESOURCE_METRICS", "false"),
    ];

    internal static void Add(MeterProviderBuilder metrics, AzureMonitorTarget target)
    {
        KeepQuiet();
        metrics.AddAzureMonitorMetricExporter(options => Apply(options, target), name: Name);
    }

    internal static void Add(TracerProviderBuilder traces, AzureMonitorTarget target)
    {
        KeepQuiet();
        traces.AddAzureMonitorTraceExporter(options => Apply(options, target), name: Name);
    }

    private static void KeepQuiet()
    {
        foreach ((string name, string value) in OwnCounts)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    private static void Apply(AzureMonitorExporterOptions options, AzureMonitorTarget target)
    {
        options.ConnectionString = target.ConnectionString;
        options.Credential ??= target.Identity.CreateCredential();
        options.DisableOfflineStorage = true;
        options.EnableLiveMetrics = false;
        options.EnableStandardMetrics = false;
        options.EnablePerformanceCounters = false;
        options.SamplingRatio = 1;
        options.TracesPerSecond = null;
    }
}
