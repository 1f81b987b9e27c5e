using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;

namespace Relay.Shared.Accounts;

/// <summary>Sets which Signal protocols a business's new sessions may use. Sessions that exist go on; other instances notice within half a minute.</summary>
public sealed class SetSignalPolicy(AccountDirectory accounts, BusinessStore businesses)
{
    private static readonly Dictionary<string, SessionProtocols> Names = new(StringComparer.Ordinal)
    {
        ["x3dh"] = SessionProtocols.X3dh,
        ["pqxdh"] = SessionProtocols.Pqxdh,
        ["pqxdh_spqr"] = SessionProtocols.PqxdhSpqr,
    };

    public async Task<Result<AdminSuccess, GraphError>> ExecuteAsync(
        BusinessId business, SetSignalPolicyRequest request, CancellationToken cancellationToken)
    {
        SessionProtocols allowed = SessionProtocols.None;
        foreach (string? name in request.Protocols ?? [])
        {
            if (name is null || !Names.TryGetValue(name, out SessionProtocols protocol))
            {
                return Invalid;
            }

            allowed |= protocol;
        }

        if (allowed == SessionProtocols.None)
        {
            return Invalid;
        }

        if (!await businesses.SetProtocolsAsync(business, allowed, cancellationToken))
        {
            return GraphErrorCode.UnknownObject.Because("There is no such business.");
        }

        accounts.Forget(business);
        return new AdminSuccess();
    }

    /// <summary>The protocols of a policy, as they are set.</summary>
    internal static IReadOnlyList<string> NamesOf(SignalPolicy policy) => [.. Names.Where(one => policy.Allows(one.Value)).Select(one => one.Key)];

    private static GraphError Invalid => GraphErrorCode.ParameterInvalid.Because($"protocols must hold at least one of {string.Join(", ", Names.Keys)}, and nothing else.");
}
