namespace Relay.Shared.Storage;

/// <summary>Storage did not answer, or not in time, after the client's own retries: trying again later can help.</summary>
public sealed class StorageUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
