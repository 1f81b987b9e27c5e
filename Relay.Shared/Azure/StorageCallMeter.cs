using Azure.Core;
using Azure.Core.Pipeline;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Azure;

/// <summary>Measures each request that the SDK sends, by its kind; its address is looked at and not kept.</summary>
internal sealed class StorageCallMeter(Func<string, string, string> kind) : HttpPipelineSynchronousPolicy
{
    internal static void Attach(ClientOptions options, Func<string, string, string> kind) =>
        options.AddPolicy(new StorageCallMeter(kind), HttpPipelinePosition.PerRetry);

    public override void OnSendingRequest(HttpMessage message)
    {
        if (RelayMetrics.StorageCalls.IsEnabled)
        {
            RelayMetrics.StorageCalls.Add(kind(message.Request.Method.Method, message.Request.Uri.Path));
        }
    }
}
