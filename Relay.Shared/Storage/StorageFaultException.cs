namespace Relay.Shared.Storage;

/// <summary>
/// Storage didn't do its work, or did it and the answer was lost: a write may have happened or may still happen.
/// Holds only names that are ours and the service's own code, so it may be logged; no key, body or address.
/// </summary>
public sealed class StorageFaultException : Exception
{
    /// <param name="operation">What was tried, for instance <c>table commit</c>.</param>
    /// <param name="target">The table or queue.</param>
    /// <param name="status">The HTTP status; 0 when there was no answer.</param>
    /// <param name="errorCode">The service's error code, if it told one.</param>
    public StorageFaultException(string operation, string target, int status, string? errorCode)
        : base($"Storage fault: {operation} on '{target}', status {status} ({errorCode ?? "no answer"}).")
    {
        Operation = operation;
        Target = target;
        Status = status;
        ErrorCode = errorCode;
    }

    public string Operation { get; }

    public string Target { get; }

    public int Status { get; }

    public string? ErrorCode { get; }
}
