using Relay.Phone;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Relay.Phone.Registering;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;

namespace Relay.Privacy.Story;

/// <summary>A user with a real Signal device, whose state is the device's own and no part of what is searched.</summary>
internal sealed class HistoryUser : IDisposable
{
    private readonly MemoryPhoneState _state = new();
    private readonly PhoneDevice _phone;

    private HistoryUser(Stage stage, string name, PhoneNumber number)
    {
        _phone = new PhoneDevice(_state, new TransportClient(stage.Http, stage.Host.BaseAddress), stage.Clock);
        (Name, Number) = (name, number);
    }

    public string Name { get; }

    public PhoneNumber Number { get; }

    /// <summary>The texts that it has shown.</summary>
    public List<string> Read { get; } = [];

    public static async Task<HistoryUser> RegisterAsync(Stage stage, string name, PhoneNumber number, AskForCode codes, CancellationToken cancellationToken)
    {
        HistoryUser user = new(stage, name, number);
        await user._phone.RegisterAsync(number, codes, cancellationToken);
        return user;
    }

    public async Task SendAsync(PhoneNumber to, string text, CancellationToken cancellationToken)
    {
        if (await _phone.SendTextAsync(to, text, null, cancellationToken) is not MessageSent { Queued: false })
        {
            throw new StoryException($"a message of {Name} did not leave");
        }
    }

    /// <summary>What has come, with receipts for it; says how much.</summary>
    public async Task<int> ReceiveAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<PhoneEvent> events = await _phone.ReceiveAsync(new ReceiveOptions { Wait = TimeSpan.Zero, SendRead = true }, cancellationToken);
        Read.AddRange(events.OfType<MessageReceived>().Select(message => message.Text ?? string.Empty));
        return events.Count;
    }

    public void Dispose()
    {
        _phone.Dispose();
        _state.Dispose();
    }

    public override string ToString() => Name;
}
