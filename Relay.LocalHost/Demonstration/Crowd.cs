using System.Globalization;
using Relay.Phone;
using Relay.Phone.Events;
using Relay.Phone.Keys;
using Relay.Phone.Receiving;
using Relay.Phone.Registering;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;

namespace Relay.LocalHost.Demonstration;

/// <summary>
/// Users' devices in this process: Relay.Phone's own code, each with a number, keys and a credential of its own, its state in memory. Their numbers are of a range that is
/// reserved for fiction. They keep no one-time keys with the transport: 130 rows for each device would be most of the demo's time.
/// </summary>
internal sealed class Crowd : IDisposable
{
    private const int AtOnce = 16;

    private readonly CrowdDevice[] _devices;

    private Crowd(CrowdDevice[] devices) => _devices = devices;

    public IReadOnlyList<CrowdDevice> Devices => _devices;

    public static async Task<Crowd> GatherAsync(int size, TransportClient transport, string codes, CancellationToken cancellationToken)
    {
        Crowd crowd = new([.. Enumerable.Range(0, size).Select(index => new CrowdDevice(transport, NumberOf(index)))]);
        try
        {
            AskForCode code = new CodeFolder(codes, TimeProvider.System).ReadAsync;
            ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(crowd._devices, options, async (device, token) => await device.Phone.RegisterAsync(device.Number, code, token));
            return crowd;
        }
        catch
        {
            crowd.Dispose();
            throw;
        }
    }

    public void Dispose() => Array.ForEach(_devices, device => device.Dispose());

    private static PhoneNumber NumberOf(int index) =>
        PhoneNumber.TryParse("+447700900" + index.ToString("D3", CultureInfo.InvariantCulture), out PhoneNumber? number) ? number : throw new ArgumentOutOfRangeException(nameof(index));
}

/// <summary>One of them.</summary>
internal sealed class CrowdDevice : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MemoryPhoneState _state = new();

    public CrowdDevice(TransportClient transport, PhoneNumber number)
    {
        Number = number;
        Phone = new PhoneDevice(_state, transport, TimeProvider.System, KeySupply.None);
    }

    public PhoneNumber Number { get; }

    public PhoneDevice Phone { get; }

    /// <summary>Fetches and decrypts until a message with this text is among what came.</summary>
    public async Task ReadAsync(string text, CancellationToken cancellationToken)
    {
        IReadOnlyList<PhoneEvent> events = await Phone.ReceiveAsync(new ReceiveOptions { Wait = Patience }, cancellationToken);
        if (!events.OfType<MessageReceived>().Any(message => message.Text == text))
        {
            throw new DemoException("a device of the crowd did not get its text");
        }
    }

    public void Dispose()
    {
        Phone.Dispose();
        _state.Dispose();
    }
}
