using Xunit;

namespace Relay.Tests.Processes;

[Collection(ProcessDefinition.Name)]
public sealed class SingleProcessTests(SingleProcessTests.Running running) : SameInProcesses, IClassFixture<SingleProcessTests.Running>
{
    private protected override ProcessRelay Relay => running.Relay;

    /// <summary>The process that all tests of the class share.</summary>
    public sealed class Running(ProcessGround ground) : IAsyncLifetime
    {
        internal ProcessRelay Relay { get; private set; } = null!;

        public async Task InitializeAsync() => Relay = await ProcessRelay.StartSingleAsync(ground);

        public async Task DisposeAsync() => await Relay.DisposeAsync();
    }
}
