using Relay.LocalHost.Split;
using Relay.Shared.Accounts;
using Relay.Shared.Azure;
using Relay.Shared.Hosting;
using Relay.Shared.Limits;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Standing;

namespace Relay.LocalHost.Running;

/// <summary>
/// <c>./relay up --split</c>: the three roles as three processes. One that ends is started again and both is said; one that ends over and over ends all.
/// </summary>
internal sealed class UpSplit(SplitRelay relay, TextWriter errors)
{
    private const int MostEnds = 5;
    private static readonly TimeSpan OfLate = TimeSpan.FromMinutes(1);
    private static readonly TimeProvider Time = TimeProvider.System;

    public static async Task<int> RunAsync(CommandOptions options, int? port, CancellationToken cancellationToken)
    {
        DataFolder folder = new(options.Data);
        SplitOptions split = SplitOptions.FromEnvironment(folder.Path);
        split = split with
        {
            RelayPort = port ?? split.RelayPort,
            PrintsCodes = true,
            FirstTier = RelaySettings.ReadFirstTier(Environment.GetEnvironmentVariable, MessagingTier.Tier250),
            DeviceLimits = RelaySettings.ReadDeviceLimits(Environment.GetEnvironmentVariable, new DeviceLimits()),
            RelaySettings = SplitOptions.Limits(RelaySettings.ReadLimits(Environment.GetEnvironmentVariable, DataFolder.EmulatorLimits)),
        };
        await using SplitRelay relay = new(split);
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task signalled = LocalFunctionHost.WaitForSignalAsync(ended.Token);
        await relay.StartAsync(cancellationToken);
        using HttpClient http = new();
        DemoBusiness business = await DemoBusiness.ProvisionAsync(
            split.Addresses, split.AdminToken, id => FindBusinessAsync(folder, id, cancellationToken), http, folder, DemoBusiness.DefaultNumber, cancellationToken);
        business = business with { Processes = SplitRelay.Roles.ToDictionary(role => role.Name(), role => relay[role].ProcessId ?? 0) };
        await Console.Out.WriteLineAsync(options.Json ? business.ToJson() : UpScreen.Describe(business));

        UpSplit watch = new(relay, Console.Error);
        Task<int> watching = watch.RunAsync(ended.Token);
        await Task.WhenAny(signalled, watching);
        await ended.CancelAsync();
        int code = await watching;
        await relay.StopAsync();
        return code;
    }

    /// <summary>0 when told to stop, 1 when a role does not stay up.</summary>
    private async Task<int> RunAsync(CancellationToken stopping)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        List<Task<bool>> all = [.. SplitRelay.Roles.Select(role => KeepUpAsync(role, over.Token))];
        bool stayed = await await Task.WhenAny(all);
        await over.CancelAsync();
        await Task.WhenAll(all);
        return stayed ? 0 : 1;
    }

    private async Task<bool> KeepUpAsync(RelayRole role, CancellationToken stopping)
    {
        Queue<long> ends = [];
        try
        {
            while (true)
            {
                int? process = relay[role].ProcessId;
                int code = await relay[role].ExitAsync(stopping);
                await errors.WriteLineAsync($"relay: the {role.Name()} (process {process}) ended with exit code {code}");
                ends.Enqueue(Time.GetTimestamp());
                while (Time.GetElapsedTime(ends.Peek()) > OfLate)
                {
                    ends.Dequeue();
                }

                if (ends.Count > MostEnds)
                {
                    await errors.WriteLineAsync($"relay: the {role.Name()} ends over and over; so this ends too");
                    return false;
                }

                await relay[role].KillAsync();
                await relay.StartAsync(role, stopping);
                await errors.WriteLineAsync($"relay: the {role.Name()} is back (process {relay[role].ProcessId})");
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception failure) when (failure is InvalidOperationException or TimeoutException or HttpRequestException)
        {
            await errors.WriteLineAsync($"relay: the {role.Name()} did not start again: {failure.Message}");
            return false;
        }
    }

    /// <summary>The app secret, which the API shows once, is read by whoever owns the data folder: this process, which hosts no role.</summary>
    private static Task<Business?> FindBusinessAsync(DataFolder folder, BusinessId id, CancellationToken cancellationToken)
    {
        RelayStorage storage = new(folder.RelayAccount.Tables, folder.RelayAccount.Queues, folder.RelayAccount.Blobs);
        RelayKeys keys = RelayAccounts.OpenKeys(storage, new LocalKeyWrapper(folder.OpenRelayKeys()), Time, LocalRelay.Region);
        return new BusinessStore(storage.Tables, keys.Sealer).FindAsync(id, cancellationToken);
    }
}
