using Relay.Phone;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Relay.Phone.Registering;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;

namespace Relay.Load.Parties;

/// <summary>A registered user's device, its state in memory. A transport that is away costs it patience and nothing else.</summary>
internal sealed class LoadDevice : IAsyncDisposable
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly MemoryPhoneState _state = new();
    private readonly PhoneDevice _phone;
    private readonly Action<PhoneEvent> _onEvent;
    private readonly CancellationTokenSource _stop = new();
    private Task _listening = Task.CompletedTask;

    private LoadDevice(TransportClient transport, PhoneNumber number, Action<PhoneEvent> onEvent)
    {
        _phone = new PhoneDevice(_state, transport, TimeProvider.System);
        _onEvent = onEvent;
        Number = number;
    }

    public PhoneNumber Number { get; }

    /// <param name="transport">Where it registers.</param>
    /// <param name="number">Its number.</param>
    /// <param name="codes">Brings the verification code.</param>
    /// <param name="onEvent">Gets everything that happens to it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<LoadDevice> RegisterAsync(
        TransportClient transport, PhoneNumber number, AskForCode codes, Action<PhoneEvent> onEvent, CancellationToken cancellationToken)
    {
        LoadDevice device = new(transport, number, onEvent);
        await device._phone.RegisterAsync(number, codes, cancellationToken);
        return device;
    }

    /// <summary>Returns once the device has it for good: sent, in its outbox (which it then empties as soon as it can), or refused.</summary>
    /// <exception cref="HttpRequestException">The conversation could not be opened yet, so nothing was taken.</exception>
    /// <exception cref="TimeoutException">The same.</exception>
    public async Task<PhoneEvent> SendAsync(PhoneNumber to, string text, CancellationToken cancellationToken)
    {
        PhoneEvent result = await _phone.SendTextAsync(to, text, null, cancellationToken);
        return result;
    }

    /// <summary>Tries what is left in the outbox again until it is empty, as a phone does that has no network for a moment.</summary>
    public async Task EmptyOutboxAsync(CancellationToken cancellationToken)
    {
        while ((await _phone.GetStatusAsync(cancellationToken)).Outbox > 0)
        {
            await Task.Delay(Patience, TimeProvider.System, cancellationToken);
            await _phone.EmptyOutboxAsync(cancellationToken);
        }
    }

    public void Listen() => _listening = ListenAsync();

    /// <summary>Takes what is there, and sends the receipts for it.</summary>
    public async Task ReceiveAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        foreach (PhoneEvent happened in await _phone.ReceiveAsync(new ReceiveOptions { Wait = wait }, cancellationToken))
        {
            _onEvent(happened);
        }
    }

    public async Task StopListeningAsync()
    {
        await _stop.CancelAsync();
        await _listening;
    }

    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync();
        _phone.Dispose();
        _state.Dispose();
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ReceiveAsync(LongPoll, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is HttpRequestException or TimeoutException)
            {
                await Task.WhenAny(Task.Delay(Patience, TimeProvider.System, _stop.Token));
            }
        }
    }
}
