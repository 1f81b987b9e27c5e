using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Relay.Shared.Hosting;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Shared.Transport.Registrations;

namespace Relay.Functions.Http;

/// <summary>Who calls the transport: a device (Basic: number and credential) or the operator, who signs each call.</summary>
public sealed class TransportCallers(AuthenticateDevice authenticate, TransportOptions options, TimeProvider time)
{
    private const int MaxHeaderLength = 1024;

    private readonly RoleCallGuard _operator = new(new RoleKeys(options.OperatorKey), time);

    internal async Task<AuthenticatedDevice?> FindDeviceAsync(HttpRequest request, CancellationToken cancellationToken) =>
        TryReadBasic(request, out PhoneNumber? number, out Secret? credential)
            ? await authenticate.ExecuteAsync(number, credential, cancellationToken)
            : null;

    /// <summary>Whether the body is worth reading; only <see cref="BelieveOperator"/> says that it is the operator.</summary>
    internal bool MayBeOperator(HttpRequest request) => _operator.MayBeGenuine(request.Headers[RoleSignature.Header]);

    /// <summary>When the operator signed this call, or null: it is somebody else's, late, or was here before.</summary>
    internal DateTimeOffset? BelieveOperator(HttpRequest request, ReadOnlySpan<byte> body) => _operator.Believe(
        request.Headers[RoleSignature.Header], new RoleCall(RoleCall.ToTransport, request.Method.ToUpperInvariant(), request.GetEncodedPathAndQuery()), body);

    private static bool TryReadBasic(HttpRequest request, [NotNullWhen(true)] out PhoneNumber? number, [NotNullWhen(true)] out Secret? credential)
    {
        number = null;
        credential = null;
        if (!TryRead(request, "Basic", out string? parameter))
        {
            return false;
        }

        byte[] decoded = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, decoded, out int length))
        {
            return false;
        }

        string[] parts = Encoding.UTF8.GetString(decoded, 0, length).Split(':', 2);
        credential = parts is [_, { Length: > 0 } secret] ? new Secret(secret) : null;
        return PhoneNumber.TryParse(parts[0], out number) && credential is not null;
    }

    private static bool TryRead(HttpRequest request, string scheme, [NotNullWhen(true)] out string? parameter)
    {
        parameter = request.Headers.Authorization is [{ Length: <= MaxHeaderLength } header]
            && AuthenticationHeaderValue.TryParse(header, out AuthenticationHeaderValue? parsed)
            && string.Equals(parsed.Scheme, scheme, StringComparison.OrdinalIgnoreCase)
                ? parsed.Parameter
                : null;
        return !string.IsNullOrEmpty(parameter);
    }
}
