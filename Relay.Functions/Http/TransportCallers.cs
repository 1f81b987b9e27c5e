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

/// <summary>Who calls the transport: a device (Basic: number and credential), or a role that signs each call, with the key of what it asks for.</summary>
public sealed class TransportCallers(AuthenticateDevice authenticate, TransportOptions options, TimeProvider time)
{
    private const int MaxHeaderLength = 1024;

    /// <summary>Relay and manager, who register business numbers.</summary>
    internal RoleCallGuard Registrar { get; } = new(new RoleKeys(options.RegistrationKey), time);

    /// <summary>The manager alone, for what an operator asks.</summary>
    internal RoleCallGuard Operator { get; } = new(new RoleKeys(options.OperatorKey), time);

    internal async Task<AuthenticatedDevice?> FindDeviceAsync(HttpRequest request, CancellationToken cancellationToken) =>
        TryReadBasic(request, out PhoneNumber? number, out Secret? credential)
            ? await authenticate.ExecuteAsync(number, credential, cancellationToken)
            : null;

    /// <summary>Whether the body is worth reading; only <see cref="Believe"/> says who calls.</summary>
    internal static bool MayBe(RoleCallGuard caller, HttpRequest request) => caller.MayBeGenuine(request.Headers[RoleSignature.Header]);

    /// <summary>When the caller signed this, or null: it is somebody else's, late, or was here before.</summary>
    internal static DateTimeOffset? Believe(RoleCallGuard caller, HttpRequest request, ReadOnlySpan<byte> body) => caller.Believe(
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
