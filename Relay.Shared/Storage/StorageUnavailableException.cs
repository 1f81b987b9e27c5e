namespace Relay.Shared.Storage;

/// <summary>
/// Storage did not do what it was asked, for a reason that passes (timeout, throttling, 5xx): the write may have happened or may
/// still happen.
/// </summary>
public sealed class StorageUnavailableException : Exception
{
    public StorageUnavailableException()
        : this("Storage is unavailable.")
    {
    }

    public StorageUnavailableException(string message)
        : base(message)
    {
    }

    public StorageUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
