using Relay.Shared.Accounts;
using Relay.Shared.Administration;

namespace Relay.Shared.Proof.Audits;

/// <summary>Who had content opened or administered: an access token by its id, never by itself, or who called the admin API.</summary>
public sealed class AccessActor
{
    private AccessActor(string name) => Name = name;

    public string Name { get; }

    public static AccessActor Of(Caller caller) => new($"token:{caller.TokenId}");

    public static AccessActor Of(AdminCaller caller) => new(caller.Name);

    public override string ToString() => Name;
}
