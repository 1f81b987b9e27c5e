using System.Globalization;

namespace Relay.Fuzz.Judging;

/// <param name="Index">The request's; -1 for what no single request did.</param>
/// <param name="Function">Whose route its seed was for.</param>
/// <param name="What">What must not happen and did.</param>
/// <param name="Request">The request, with numbers, tokens and ids of the scene named, not shown.</param>
internal sealed record Finding(int Index, string Function, string What, string Request)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{Index} {Function}: {What}\n{Request}");
}
