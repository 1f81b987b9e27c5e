using System.Globalization;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Relay.Tests.Transport;

namespace Relay.Tests.Integrity;

/// <summary>Registered devices by the thousand, over HTTP: each a number and a credential of its own, all with the same keys, since nobody decrypts what comes.</summary>
internal sealed class Flock
{
    public const int AtOnce = 8;

    private static readonly ParallelOptions s_options = new() { MaxDegreeOfParallelism = AtOnce };

    private readonly TransportClient _transport;
    private readonly DeviceCredential[] _members;

    private Flock(TransportClient transport, DeviceCredential[] members) => (_transport, _members) = (transport, members);

    public IEnumerable<PhoneNumber> Numbers => _members.Select(member => member.Number);

    public static async Task<Flock> GatherAsync(TestRelay relay, int size)
    {
        DeviceKeys keys = TestKeys.Create(oneTime: 0);
        DeviceCredential[] members = new DeviceCredential[size];
        await Parallel.ForAsync(0, size, s_options, async (index, _) =>
            members[index] = await relay.RegisterAsync("+49152" + index.ToString("D8", CultureInfo.InvariantCulture), keys));
        return new Flock(new TransportClient(relay.Http, relay.BaseAddress), members);
    }

    /// <summary>How many envelopes wait for each of them.</summary>
    public async Task<int[]> WaitingAsync()
    {
        int[] waiting = new int[_members.Length];
        await Parallel.ForAsync(0, _members.Length, s_options, async (index, token) =>
            waiting[index] = (await _transport.FetchAsync(_members[index], 0, TransportLimits.MaxEnvelopesPerFetch, token)).Value!.Envelopes.Count);
        return waiting;
    }
}
