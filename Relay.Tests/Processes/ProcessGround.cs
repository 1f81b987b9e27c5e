using Relay.LocalHost.Split;
using Relay.Shared.Limits;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Processes;

/// <summary>An emulator and a data folder of their own: what the processes of a Relay stand on, one after the other.</summary>
public sealed class ProcessGround : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("relay-processes-");
    private AzuriteServer? _azurite;

    /// <summary>Keys and codes.</summary>
    internal string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>The emulator's files.</summary>
    internal string Emulator => Path.Combine(_folder.FullName, "azurite");

    internal AzuriteServer Azurite => _azurite ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Data);
        _azurite = await AzuriteServer.StartAsync(Emulator, CancellationToken.None);
    }

    internal SplitOptions Split()
    {
        int[] ports = SplitOptions.FreePorts(3);
        return new SplitOptions
        {
            RelayStorage = new Secret(Azurite.RelayStorage),
            TransportStorage = new Secret(Azurite.TransportStorage),
            ManagerStorage = new Secret(Azurite.ManagerStorage),
            Data = Data,
            RelayPort = ports[0],
            TransportPort = ports[1],
            ManagerPort = ports[2],
            RelaySettings = SplitOptions.Limits(RelayLimits.Lifted),
        };
    }

    /// <summary>Ends the emulator, which then has written everything.</summary>
    internal async Task StopAzuriteAsync()
    {
        if (_azurite is { } azurite)
        {
            _azurite = null;
            await azurite.DisposeAsync();
        }
    }

    public async Task DisposeAsync()
    {
        await StopAzuriteAsync();
        _folder.Delete(recursive: true);
    }
}

/// <summary>One Relay in processes at a time: each is several of them, and the machine is small.</summary>
[CollectionDefinition(Name)]
public sealed class ProcessDefinition : ICollectionFixture<ProcessGround>
{
    public const string Name = "Relay in processes";
}
