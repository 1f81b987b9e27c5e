using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Relay.Shared.Graph;
using Relay.Shared.Idempotency;

namespace Relay.Functions.Http;

/// <summary>Reads the header <c>Idempotency-Key</c>: taken as it is, quotes and all; none is fine, two or a malformed one is a mistake.</summary>
internal static class IdempotencyHeader
{
    internal const string Name = "Idempotency-Key";

    internal static bool TryRead(HttpRequest request, out IdempotencyKey? key, [NotNullWhen(false)] out GraphError? mistake)
    {
        key = null;
        StringValues values = request.Headers[Name];
        mistake = values.Count == 0 || (values is [{ } value] && IdempotencyKey.TryParse(value, out key))
            ? null
            : GraphErrorCode.InvalidParameter.Because(
                $"{Name} must be one header of 1 to {IdempotencyKey.MaxLength} visible ASCII characters, without spaces.");
        return mistake is null;
    }
}
