using Relay.Load.Counting;
using Relay.Load.Parties;
using Relay.LocalHost.Split;
using Relay.Phone.Registering;
using Relay.Shared.Transport.Client;

namespace Relay.Load.Driving;

/// <summary>A business with its endpoint and its users' devices, provisioned through the front door, every conversation opened both ways.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const int AtOnce = 8;

    private readonly LoadHttp _http = new();
    private readonly List<LoadDevice> _devices = [];
    private readonly WebhookSink _endpoint;
    private Ledger _ledger;

    private Crowd(Ledger ledger, WebhookSink endpoint) => (_ledger, _endpoint) = (ledger, endpoint);

    public LoadBusiness Business { get; private set; } = null!;

    public IReadOnlyList<LoadDevice> Devices => _devices;

    /// <param name="where">The roles.</param>
    /// <param name="adminToken">What the admin API is called with.</param>
    /// <param name="codes">Brings verification codes.</param>
    /// <param name="users">How many devices.</param>
    /// <param name="progress">Says how far it is.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<Crowd> GatherAsync(
        RoleAddresses where, string adminToken, AskForCode codes, int users, Progress progress, CancellationToken cancellationToken)
    {
        Ledger warmUp = new(TimeProvider.System);
        Crowd? crowd = null;
        WebhookSink endpoint = await WebhookSink.StartAsync(call => crowd?._ledger.Note(call), cancellationToken);
        crowd = new Crowd(warmUp, endpoint);
        try
        {
            crowd.Business = await LoadBusiness.CreateAsync(crowd._http, where, adminToken, endpoint.Callback, cancellationToken);
            TransportClient transport = new(crowd._http.Client, where.Transport);
            ParallelOptions parallel = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, users, parallel, async (_, token) =>
            {
                LoadDevice device = await LoadDevice.RegisterAsync(transport, Numbers.Next(), codes, happened => crowd._ledger.Note(happened), token);
                lock (crowd._devices)
                {
                    crowd._devices.Add(device);
                    progress.Say($"{crowd._devices.Count} of {users} devices registered");
                }
            });
            crowd._devices.ForEach(device => device.Listen());
            await crowd.OpenConversationsAsync(warmUp, parallel);
            progress.Say("every conversation is open", always: true);
            return crowd;
        }
        catch
        {
            await crowd.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new ledger, and the traffic that it is about: from now on everything that is seen goes there.</summary>
    public (Ledger Ledger, Traffic Traffic) Begin()
    {
        Ledger ledger = new(TimeProvider.System, _ledger);
        Volatile.Write(ref _ledger, ledger);
        return (ledger, new Traffic(Business, _devices, ledger, TimeProvider.System));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_devices.Select(device => device.DisposeAsync().AsTask()));
        await _endpoint.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>A message each way: then no session is new any more, and what is measured is the steady state.</summary>
    private async Task OpenConversationsAsync(Ledger ledger, ParallelOptions parallel)
    {
        Traffic traffic = new(Business, _devices, ledger, TimeProvider.System);
        await Parallel.ForAsync(0, _devices.Count, parallel, async (number, token) =>
        {
            await traffic.ToUserAsync(number, TimeProvider.System.GetTimestamp(), isKeyed: false, token);
            await traffic.ToBusinessAsync(number, TimeProvider.System.GetTimestamp(), token);
        });
        await Drain.WaitAsync(ledger, TimeSpan.FromMinutes(2), parallel.CancellationToken);
        if (Settlement.Waiting(ledger) > 0 || ledger.Violations.Count > 0)
        {
            throw new InvalidOperationException($"The conversations could not be opened: {Settlement.Waiting(ledger)} messages are missing. {ledger.Violations.FirstOrDefault()}");
        }
    }
}
