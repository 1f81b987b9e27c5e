using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Relay.Shared.Accounts;
using Relay.Shared.Details;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Graph.Paging;
using Relay.Shared.Primitives;

namespace Relay.Shared.PhoneNumbers.Encryption;

/// <summary>
/// <c>whatsapp_business_encryption</c>: a number's public key for what users' devices encrypt to the business itself. Only an RSA public key of 2048 bits is
/// taken; a private key is refused and kept nowhere.
/// </summary>
public sealed class BusinessEncryption(AccountDirectory accounts, DetailStore details)
{
    private const int KeyBits = 2_048;
    private const int MaxPem = 2_048;

    private static readonly NodeView<EncryptionKey> s_view = new NodeView<EncryptionKey>()
        .Shows("business_public_key", key => key.Pem)
        .Shows("business_public_key_signature_status", _ => "VALID");

    public async Task<Result<NodeList, GraphError>> GetAsync(Caller caller, PhoneNumberId id, string fields, CancellationToken cancellationToken)
    {
        if ((await accounts.FindNumberAsync(caller, id, AccessScopes.Management, cancellationToken)).Error is { } refusal)
        {
            return refusal;
        }

        if (!s_view.Select(fields).TryGet(out FieldSelection? selection, out GraphError? mistake))
        {
            return mistake;
        }

        EncryptionKey? key = await details.FindAsync(caller.Business, DetailRows.Encryption(id), EncryptionKeyJson.Default.EncryptionKey, cancellationToken);
        return new NodeList(key is null ? [] : [s_view.Show(key, selection)]);
    }

    public async Task<Result<SuccessResponse, GraphError>> SetAsync(Caller caller, PhoneNumberId id, EncryptionRequest request, CancellationToken cancellationToken)
    {
        if ((await accounts.FindNumberAsync(caller, id, AccessScopes.Management, cancellationToken)).Error is { } refusal)
        {
            return refusal;
        }

        if (Read(request.PublicKey) is not { } pem)
        {
            return GraphErrorCode.InvalidParameter.Because($"business_public_key must be an RSA public key of {KeyBits} bits in PEM (BEGIN PUBLIC KEY).");
        }

        await details.ChangeAsync(
            caller.Business, DetailRows.Encryption(id), EncryptionKeyJson.Default.EncryptionKey, _ => new(new EncryptionKey(pem)), cancellationToken);
        return new SuccessResponse();
    }

    /// <summary>The key as it is written anew; null for anything else, a private key too.</summary>
    private static string? Read(string? text)
    {
        if (text is not { Length: > 0 and <= MaxPem } || !PemEncoding.TryFind(text, out PemFields fields) || text[fields.Label] is not ("PUBLIC KEY" or "RSA PUBLIC KEY"))
        {
            return null;
        }

        using RSA rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(text.AsSpan(fields.Location));
            return rsa.KeySize == KeyBits ? rsa.ExportSubjectPublicKeyInfoPem() + "\n" : null;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return null;
        }
    }
}

/// <param name="Pem">Checked, and written by Relay.</param>
internal sealed record EncryptionKey(string Pem);

[JsonSerializable(typeof(EncryptionKey))]
internal sealed partial class EncryptionKeyJson : JsonSerializerContext;
