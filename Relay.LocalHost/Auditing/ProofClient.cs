using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Relay.Shared.Primitives;
using Relay.Shared.Proof;
using Relay.Shared.Sealing;

namespace Relay.LocalHost.Auditing;

/// <summary>Reads what a Relay has to prove, page by page, as the operator or as a business of its own.</summary>
internal sealed class ProofClient(HttpClient http, AuditOptions options)
{
    private const int MaxPages = 1_000_000;

    private readonly Dictionary<string, SigningKey?> _keys = [];

    internal async Task<IReadOnlyList<BusinessId>> ListBusinessesAsync(CancellationToken cancellationToken)
    {
        if (options.Business is { } one)
        {
            return [one];
        }

        List<BusinessId> found = [];
        await foreach (AuditedBusinessesAnswer page in PagesAsync("admin/audit", ProofJson.Default.AuditedBusinessesAnswer, answer => answer.Next, cancellationToken))
        {
            found.AddRange(page.Data.Select(BusinessId.Parse));
        }

        return found;
    }

    internal IAsyncEnumerable<ReceiptsAnswer> ReceiptsAsync(BusinessId business, CancellationToken cancellationToken) =>
        PagesAsync(Of(business, "deletion_receipts"), ProofJson.Default.ReceiptsAnswer, answer => answer.Next, cancellationToken);

    internal IAsyncEnumerable<AuditAnswer> AuditAsync(BusinessId business, CancellationToken cancellationToken) =>
        PagesAsync(Of(business, "audit"), ProofJson.Default.AuditAnswer, answer => answer.Next, cancellationToken);

    /// <summary>The public key of a version; null when the vault has none.</summary>
    internal async Task<SigningKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken)
    {
        if (!_keys.TryGetValue(keyId, out SigningKey? key))
        {
            string path = $"{(options.IsAdmin ? "admin/" : string.Empty)}keys/signing/{Uri.EscapeDataString(keyId)}";
            SigningKeysAnswer? answer = await FindAsync(path, ProofJson.Default.SigningKeysAnswer, cancellationToken);
            _keys[keyId] = key = answer?.Keys is [{ } only] && only.KeyId == keyId ? only.ToKey() : null;
        }

        return key;
    }

    /// <summary>The keys that were asked for.</summary>
    internal IEnumerable<SigningKey> Keys => _keys.Values.OfType<SigningKey>();

    private string Of(BusinessId business, string what) => options.IsAdmin ? $"admin/businesses/{business}/{what}" : what;

    private async IAsyncEnumerable<T> PagesAsync<T>(
        string path,
        JsonTypeInfo<T> type,
        Func<T, string?> next,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        string query = string.Empty;
        for (int page = 0; page < MaxPages; page++)
        {
            T answer = await FindAsync(path + query, type, cancellationToken) ?? throw new InvalidDataException("There is no such business.");
            yield return answer;
            if (next(answer) is not { } after)
            {
                yield break;
            }

            query = "?after=" + Uri.EscapeDataString(after);
        }
    }

    /// <summary>Null for what Relay doesn't know.</summary>
    private async Task<T?> FindAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(options.Url, "relay/v1/" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Token.Reveal());
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.BadRequest)
        {
            return null;
        }

        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), type)
            : throw new InvalidDataException($"Relay answered {(int)response.StatusCode}.");
    }
}
