using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Accounts;

/// <summary>Lets an address become a subscriber's only after its endpoint has proved by the handshake that it wants Relay's webhooks; at every change anew.</summary>
public sealed class VerifyEndpoint(WebhookClient client, WebhookAddressPolicy policy, TimeProvider time)
{
    private const int MaxVerifyToken = 256;

    /// <param name="id">Whose endpoint it is to be.</param>
    /// <param name="address">What was asked for.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<Result<Subscription, GraphError>> ExecuteAsync(SubscriberId id, AskedEndpoint address, CancellationToken cancellationToken)
    {
        if (address.VerifyToken is not { Length: > 0 and <= MaxVerifyToken } verifyToken)
        {
            return GraphErrorCode.ParameterInvalid.Because($"verify_token must have 1 to {MaxVerifyToken} characters.");
        }

        if (address.Callback?.Length > address.MaxLength || policy.Parse(address.Callback) is not { } callback)
        {
            return GraphErrorCode.ParameterInvalid.Because($"{address.Name} must be {policy.Describe(address.MaxLength)}.");
        }

        Subscription asked = new(callback, new Secret(verifyToken)) { Id = id, Number = address.Number, Fields = address.Fields, Since = time.GetUtcNow() };
        return await client.VerifyAsync(callback, asked.VerifyToken, cancellationToken)
            ? asked
            : GraphErrorCode.InvalidParameter.Because(
                "The callback did not answer the verification: GET with hub.mode, hub.challenge and hub.verify_token must get status 200 and the challenge as its whole body.");
    }
}

/// <summary>An endpoint as a request asks for it. Prints nothing: its token is a secret.</summary>
/// <param name="Name">What the request calls the address.</param>
/// <param name="Callback">The address.</param>
/// <param name="VerifyToken">What the handshake proves.</param>
internal sealed record AskedEndpoint(string Name, string? Callback, string? VerifyToken)
{
    internal int MaxLength { get; init; } = WebhookAddressPolicy.MaxLength;

    internal PhoneNumberId? Number { get; init; }

    internal IReadOnlyList<string> Fields { get; init; } = [];

    public override string ToString() => nameof(AskedEndpoint);
}
