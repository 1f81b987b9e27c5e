using System.Collections.Concurrent;
using Relay.Phone;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;

namespace Relay.Benchmarks.Stage;

/// <summary>A registered user's device, its state in memory. While it listens, it ends the waits for texts that it decrypted.</summary>
internal sealed class BenchDevice : IAsyncDisposable
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);

    private readonly MemoryPhoneState _state = new();
    private readonly PhoneDevice _phone;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waits = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private Task _listening = Task.CompletedTask;

    private BenchDevice(TransportClient transport, PhoneNumber number)
    {
        _phone = new PhoneDevice(_state, transport, TimeProvider.System);
        Number = number;
    }

    public PhoneNumber Number { get; }

    public static async Task<BenchDevice> RegisterAsync(TransportClient transport, PhoneNumber number, CodeBox codes, CancellationToken cancellationToken)
    {
        BenchDevice device = new(transport, number);
        await device._phone.RegisterAsync(number, codes.TakeAsync, cancellationToken);
        return device;
    }

    /// <summary>Completes when this text was decrypted. To be asked for before it is sent.</summary>
    public Task WhenReceivedAsync(string text) =>
        _waits.GetOrAdd(text, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public Task SendAsync(PhoneNumber to, string text, CancellationToken cancellationToken) => _phone.SendTextAsync(to, text, null, cancellationToken);

    public void Listen() => _listening = ListenAsync();

    /// <summary>Takes what is there, and sends the receipts for it.</summary>
    public async Task<int> ReceiveAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        int count = 0;
        foreach (MessageReceived message in (await _phone.ReceiveAsync(new ReceiveOptions { Wait = wait }, cancellationToken)).OfType<MessageReceived>())
        {
            count++;
            if (_waits.TryRemove(message.Text ?? "", out TaskCompletionSource? waiting))
            {
                waiting.SetResult();
            }
        }

        return count;
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
        await Task.Yield();
        try
        {
            while (true)
            {
                await ReceiveAsync(LongPoll, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The section is over.
        }
    }
}
