using Relay.Shared.Accounts;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Integrity;

/// <summary>
/// Which businesses may not approach users now, as the transport said when it was last handed a message of theirs, at most 30 seconds ago: nobody is asked for it. The
/// transport decides anew for each message; this lets a business be told before its message is accepted.
/// </summary>
public sealed class BusinessStandings(TransportClient transport, TimeProvider time)
{
    internal static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private const int MaxKnown = 20_000;

    private readonly ShortCache<BusinessId, StandingResponse> _said = new(time, Life, MaxKnown);
    private readonly ShortCache<BusinessId, string> _stopped = new(time, Life, MaxKnown);

    /// <summary>Why a business may not approach users: one of <see cref="TransportErrorCode"/>; null when it may, as far as is known.</summary>
    internal string? WhyStopped(BusinessId business) => _stopped.TryGet(business);

    /// <summary>Takes down what the transport's answer to a message says.</summary>
    internal void Note(BusinessId business, TransportResult<SendEnvelopeResponse> answer)
    {
        switch (answer)
        {
            case { IsSuccess: true, Value.Exhausted: true }:
                _stopped.Put(business, TransportErrorCode.TierLimit);
                break;
            case { IsSuccess: false, Failure.Code: TransportErrorCode.TierLimit or TransportErrorCode.Restricted }:
                _stopped.Put(business, answer.Failure.Code);
                break;
        }
    }

    /// <summary>Lets what was said of a business go: it has been changed.</summary>
    internal void Forget(BusinessId business)
    {
        _said.Remove(business);
        _stopped.Remove(business);
    }

    /// <summary>How a business stood at most 30 seconds ago; null when its number is not registered, and while the transport is away.</summary>
    internal async Task<StandingResponse?> FindAsync(BusinessNumber number, CancellationToken cancellationToken)
    {
        try
        {
            return _said.TryGet(number.Business) ?? await AskAsync(number, cancellationToken);
        }
        catch (Exception e) when (DependencyFaults.IsAway(e))
        {
            return null;
        }
    }

    /// <summary>How a business stands now, so that what it is told and what is shown of it are the same; null when its number is not registered.</summary>
    internal async Task<StandingResponse?> AskAsync(BusinessNumber number, CancellationToken cancellationToken)
    {
        if (number.Credential is not { } credential || await transport.ShowStandingAsync(credential, cancellationToken) is not { IsSuccess: true } said)
        {
            return null;
        }

        _said.Put(number.Business, said.Value);
        return said.Value;
    }

    /// <summary>Whether the transport would take a message to a user now; true when it can't be asked.</summary>
    internal async Task<bool> AdmitsAsync(BusinessNumber number, PhoneNumber to, CancellationToken cancellationToken)
    {
        if (number.Credential is not { } credential)
        {
            return true;
        }

        try
        {
            TransportResult<ReachResponse> said = await transport.CheckReachAsync(credential, to, cancellationToken);
            return !said.IsSuccess || said.Value.Admits;
        }
        catch (Exception e) when (DependencyFaults.IsAway(e))
        {
            return true;
        }
    }
}
