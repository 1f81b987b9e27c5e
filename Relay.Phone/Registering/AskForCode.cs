using Relay.Shared.Primitives;

namespace Relay.Phone.Registering;

/// <summary>Gets the verification code of one registration attempt from wherever it was sent.</summary>
public delegate Task<Secret> AskForCode(string registrationId, CancellationToken cancellationToken);
