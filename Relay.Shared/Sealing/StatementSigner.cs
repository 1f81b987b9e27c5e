namespace Relay.Shared.Sealing;

/// <summary>Signs statements with the vault's signing key, and says with which public key each can be verified by anyone.</summary>
public sealed class StatementSigner(IKeyWrapper wrapper)
{
    public Task<KeySignature> SignAsync(Statement statement, CancellationToken cancellationToken) => wrapper.SignAsync(statement.Bytes, cancellationToken);

    public Task<bool> VerifyAsync(Statement statement, KeySignature signature, CancellationToken cancellationToken) =>
        wrapper.VerifyAsync(statement.Bytes, signature, cancellationToken);

    /// <summary>One version's public key, or null when there is none; without a version the one that signs now.</summary>
    public Task<SigningKey?> FindKeyAsync(string? version, CancellationToken cancellationToken) => wrapper.FindSigningKeyAsync(version, cancellationToken);
}
