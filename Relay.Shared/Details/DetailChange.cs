using Relay.Shared.Graph;

namespace Relay.Shared.Details;

/// <summary>What a change came to: what is to be there from now on (null leaves all as it is), and why it was refused, if it was.</summary>
internal sealed record DetailChange<T>(T? Next, GraphError? Refusal = null)
    where T : class
{
    public override string ToString() => nameof(DetailChange<T>);
}
