using Xunit;

namespace Relay.Tests.Support;

/// <summary>Tests of what a whole process allocates or keeps: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
