using Relay.Shared.Accounts;
using Relay.Shared.Administration;

namespace Relay.Shared.Proof.Audits;

/// <summary>Who had content opened or administered: an access token by its id, never by itself, or who called the admin API.</summary>
public sealed class AccessActor
{
    /// <summary>Another stamp's manager; who asked that one stands in its own audit.</summary>
    public static readonly AccessActor AnotherStamp = new("stamp");

    private AccessActor(string name) => Name = name;

    public string Name { get; }

    public static AccessActor Of(Caller caller) => new($"token:{caller.TokenId}");

    public static AccessActor Of(AdminCaller caller) => new(caller.Name);

    public override string ToString() => Name;
}
