using Relay.Phone.Commands;
using Relay.Phone.Events;
using Relay.Phone.Receiving;

namespace Relay.Phone.Chat;

/// <summary>Receives and prints until it is cancelled; a transport that goes away is tried again.</summary>
internal sealed class ReceiveLoop(PhoneDevice device, Terminal terminal, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly ReceiveOptions Options = new() { Wait = TimeSpan.FromSeconds(20) };

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        bool wasThere = true;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                foreach (PhoneEvent happened in await device.ReceiveAsync(Options, cancellationToken))
                {
                    terminal.Show(happened, asJson: false, withEnvelope: false);
                }

                await device.ConfirmAsync(cancellationToken);
                wasThere = true;
            }
            catch (Exception e) when (e is HttpRequestException or TimeoutException)
            {
                wasThere = await ApologiseAsync(wasThere, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<bool> ApologiseAsync(bool wasThere, CancellationToken cancellationToken)
    {
        if (wasThere)
        {
            terminal.WriteError("The transport can't be reached; trying on.");
        }

        await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return false;
    }
}
