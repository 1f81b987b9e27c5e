using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Relay.Shared.Azure;
using Relay.Shared.Telemetry;

namespace Relay.Functions.Telemetry;

/// <summary>
/// Sends the catalogue's metrics and spans, and nothing of any other library: by OTLP to where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says, and to Azure Monitor where
/// <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is set; without either nothing is measured.
/// </summary>
public static class TelemetryExport
{
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string ProtocolSetting = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string HttpProtocol = "http/protobuf";

    public static IServiceCollection AddTelemetryExport(this IServiceCollection services, Func<string, string?> setting)
    {
        string? address = setting(EndpointSetting) is { Length: > 0 } set ? set : null;
        AzureMonitorTarget? monitor = AzureMonitorTarget.Read(setting);
        if (address is null && monitor is null)
        {
            return services;
        }

        bool byHttp = setting(ProtocolSetting) == HttpProtocol;
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear().AddService("relay", autoGenerateServiceInstanceId: true))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(RelayMetrics.MeterName);
                if (address is not null)
                {
                    metrics.AddOtlpExporter(options => Apply(options, address, byHttp, "v1/metrics"));
                }

                if (monitor is not null)
                {
                    AzureMonitorExport.Add(metrics, monitor);
                }
            })
            .WithTracing(traces =>
            {
                traces.AddSource(RelayTraces.SourceName);
                if (address is not null)
                {
                    traces.AddOtlpExporter(options => Apply(options, address, byHttp, "v1/traces"));
                }

                if (monitor is not null)
                {
                    AzureMonitorExport.Add(traces, monitor);
                }
            });
        return services;
    }

    private static void Apply(OtlpExporterOptions options, string address, bool byHttp, string path)
    {
        Uri endpoint = new(address.EndsWith('/') ? address : address + "/");
        options.Protocol = byHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        options.Endpoint = byHttp ? new Uri(endpoint, path) : endpoint;
    }
}
