using System.Diagnostics;

namespace Relay.Shared.Primitives;

/// <summary>Personal content (text, a name) that can't print or serialise itself; <see cref="Reveal"/> is the only way out.</summary>
[DebuggerDisplay("[redacted]")]
public sealed class Sensitive<T>(T value)
{
    public T Reveal() => value;

    public override string ToString() => "[redacted]";
}
