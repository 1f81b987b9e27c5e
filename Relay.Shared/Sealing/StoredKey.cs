namespace Relay.Shared.Sealing;

/// <summary>What a row of table <c>dek</c> says of its key without opening it.</summary>
/// <param name="Name">The day (yyyyMMdd) or the key's name.</param>
/// <param name="KekId">The key-encryption key that wraps it.</param>
/// <param name="WrappedHash">SHA-256 of the wrapped key, 64 hex digits: tells it from any other.</param>
/// <param name="MadeAt">When it was made.</param>
public sealed record StoredKey(string Name, string KekId, string WrappedHash, DateTimeOffset MadeAt);
