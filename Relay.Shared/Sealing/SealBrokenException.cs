namespace Relay.Shared.Sealing;

/// <summary>A sealed blob or a wrapped key was forged, moved, damaged or written by a newer version. A fault, never an answer to a client.</summary>
public sealed class SealBrokenException : Exception
{
    public SealBrokenException()
        : this("A sealed value does not open.")
    {
    }

    public SealBrokenException(string message)
        : base(message)
    {
    }

    public SealBrokenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
