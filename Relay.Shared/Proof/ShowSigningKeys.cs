using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Proof;

/// <summary>The public keys with which receipts and checkpoints are verified: the one that signs now, or the version that a signature names.</summary>
public sealed class ShowSigningKeys(KeyRing keys)
{
    private const int MaxId = 64;

    /// <summary>Any token may: the keys are public, only the vault is not for everyone to ask.</summary>
    public Task<Result<SigningKeysAnswer, GraphError>> ExecuteAsync(Caller caller, string? keyId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return ExecuteAsync(keyId, cancellationToken);
    }

    /// <summary>For the operator.</summary>
    public async Task<Result<SigningKeysAnswer, GraphError>> ExecuteAsync(string? keyId, CancellationToken cancellationToken) =>
        (keyId is null || (keyId.Length <= MaxId && keyId.All(char.IsAsciiLetterOrDigit)))
        && await keys.Signer.FindKeyAsync(keyId, cancellationToken) is { } key
            ? new SigningKeysAnswer([SigningKeyAnswer.Of(key)])
            : GraphErrorCode.UnknownObject.Because("There is no such signing key.");
}
