using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Relay.Shared.Hosting;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Registrations;

namespace Relay.Functions.Http;

/// <summary>Who calls the transport: a device (Basic: number and credential) or the operator (Bearer).</summary>
public sealed class TransportCallers(AuthenticateDevice authenticate, TransportOptions options)
{
    private const int MaxHeaderLength = 1024;

    internal async Task<AuthenticatedDevice?> FindDeviceAsync(HttpRequest request, CancellationToken cancellationToken) =>
        TryReadBasic(request, out PhoneNumber? number, out Secret? credential)
            ? await authenticate.ExecuteAsync(number, credential, cancellationToken)
            : null;

    internal bool IsOperator(HttpRequest request) =>
        TryRead(request, "Bearer", out string? key) && options.OperatorKey.Matches(key);

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
