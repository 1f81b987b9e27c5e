using Relay.Shared.Graph;

namespace Relay.Shared.Media;

/// <summary>
/// Ends the reading of a file that will not be taken. The one error that travels as an exception: a stream has no other way to say it to what reads it, and whoever
/// began the reading turns it back into a value.
/// </summary>
public sealed class RefusedFileException(GraphError error) : Exception("A file was refused.")
{
    public GraphError Error { get; } = error;
}
