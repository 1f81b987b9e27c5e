using Relay.Shared.Graph;
using Relay.Shared.Integrity;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Messaging;

/// <summary>What the transport's refusals mean to a business.</summary>
internal static class TransportFailures
{
    /// <summary>The error to report for a message that can't be delivered.</summary>
    /// <exception cref="HttpRequestException">The refusal is about us or about load, not about the message: try again later.</exception>
    internal static GraphError ToGraph(TransportFailure failure) => failure.Code switch
    {
        TransportErrorCode.UnknownNumber => GraphErrorCode.Undeliverable.Because("The recipient is not registered with the transport."),
        TransportErrorCode.TierLimit => StandingErrors.TierLimit,
        TransportErrorCode.Restricted => StandingErrors.Restricted,
        TransportErrorCode.BadRequest or TransportErrorCode.TooLarge => GraphErrorCode.SomethingWentWrong.Because("The transport does not take the message."),
        _ => throw new HttpRequestException("The transport refuses for now."),
    };
}
