using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Serialization;
using Relay.Shared.Primitives;

namespace Relay.Shared.Transport.Client;

/// <summary>What a registered device proves itself with: its number and the credential that registration returned.</summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(NeverSerialised<DeviceCredential>))]
public sealed class DeviceCredential(PhoneNumber number, Secret secret)
{
    public PhoneNumber Number { get; } = number;

    public Secret Secret { get; } = secret;

    internal AuthenticationHeaderValue ToHeader() =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Number.Digits}:{Secret.Reveal()}")));

    public override string ToString() => "[redacted]";
}
