using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Relay.Shared.Telemetry;

namespace Relay.Functions.Telemetry;

/// <summary>Sends the catalogue's metrics and spans by OTLP to where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says, and nothing of any other library; without it nothing is measured.</summary>
public static class TelemetryExport
{
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string ProtocolSetting = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string HttpProtocol = "http/protobuf";

    public static IServiceCollection AddTelemetryExport(this IServiceCollection services, Func<string, string?> setting)
    {
        if (setting(EndpointSetting) is not { Length: > 0 } address)
        {
            return services;
        }

        Uri endpoint = new(address.EndsWith('/') ? address : address + "/");
        bool byHttp = setting(ProtocolSetting) == HttpProtocol;
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear().AddService("relay", autoGenerateServiceInstanceId: true))
            .WithMetrics(metrics => metrics.AddMeter(RelayMetrics.MeterName).AddOtlpExporter(options => Apply(options, endpoint, byHttp, "v1/metrics")))
            .WithTracing(traces => traces.AddSource(RelayTraces.SourceName).AddOtlpExporter(options => Apply(options, endpoint, byHttp, "v1/traces")));
        return services;
    }

    private static void Apply(OtlpExporterOptions options, Uri endpoint, bool byHttp, string path)
    {
        options.Protocol = byHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        options.Endpoint = byHttp ? new Uri(endpoint, path) : endpoint;
    }
}
