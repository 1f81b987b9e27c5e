using Xunit;

namespace Relay.Tests.Processes;

[Collection(ProcessDefinition.Name)]
public sealed class SingleProcessTests(SingleProcess process) : SameInProcesses, IClassFixture<SingleProcess>
{
    private protected override ProcessRelay Relay => process.Relay;
}

/// <summary>The process that all tests of the class share.</summary>
public sealed class SingleProcess(ProcessGround ground) : IAsyncLifetime
{
    internal ProcessRelay Relay { get; private set; } = null!;

    public async Task InitializeAsync() => Relay = await ProcessRelay.StartSingleAsync(ground);

    public async Task DisposeAsync() => await Relay.DisposeAsync();
}
