using System.Globalization;
using Relay.Load.Counting;
using Relay.Load.Parties;
using Relay.Phone;
using Relay.Phone.Events;

namespace Relay.Load.Driving;

/// <summary>
/// One business and its users. Each message is written to the ledger before it leaves; a call that nobody answers is repeated as a
/// client would repeat it, and what is refused is not.
/// </summary>
internal sealed class Traffic(LoadBusiness business, IReadOnlyList<LoadDevice> devices, Ledger ledger, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>From the business to the user whose turn it is.</summary>
    public async Task ToUserAsync(int number, long due, bool isKeyed, CancellationToken cancellationToken)
    {
        Passage passage = ledger.Begin(Way.ToUser, due, isKeyed);
        byte[] message = LoadBusiness.TextTo(Turn(number).Number, passage.Text);
        string? key = isKeyed ? passage.Text : null;
        for (TimeSpan pause = FirstPause; !cancellationToken.IsCancellationRequested; pause = Longer(pause))
        {
            LoadAnswer answer = await business.TrySendAsync(message, key, CancellationToken.None);
            if (answer.MessageId is { } id)
            {
                passage.Accept(time.GetTimestamp(), id);
                return;
            }

            if (answer.Refusal is { } code)
            {
                passage.Refuse(code.ToString(CultureInfo.InvariantCulture));
                return;
            }

            passage.LeaveUnanswered();
            await Task.WhenAny(Task.Delay(pause, time, cancellationToken));
        }
    }

    /// <summary>From the user whose turn it is to the business.</summary>
    public async Task ToBusinessAsync(int number, long due, CancellationToken cancellationToken)
    {
        LoadDevice device = Turn(number);
        Passage passage = ledger.Begin(Way.ToBusiness, due, isKeyed: true);
        for (TimeSpan pause = FirstPause; !cancellationToken.IsCancellationRequested; pause = Longer(pause))
        {
            try
            {
                PhoneEvent result = await device.SendAsync(business.Number, passage.Text, CancellationToken.None);
                if (result is MessageRefused refused)
                {
                    passage.Refuse(refused.Reason);
                    return;
                }

                passage.Accept(time.GetTimestamp(), null);
                await device.EmptyOutboxAsync(cancellationToken);
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (PhoneException)
            {
                passage.Refuse("phone");
                return;
            }
            catch (Exception e) when (e is HttpRequestException or TimeoutException)
            {
                // No conversation yet, so the device has taken nothing.
                await Task.WhenAny(Task.Delay(pause, time, cancellationToken));
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private LoadDevice Turn(int number) => devices[number % devices.Count];
}
