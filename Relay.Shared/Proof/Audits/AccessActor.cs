using Relay.Shared.Accounts;

namespace Relay.Shared.Proof.Audits;

/// <summary>Who had content opened: an access token by its id, never by itself, or the operator.</summary>
public sealed class AccessActor
{
    public static readonly AccessActor Admin = new("admin");

    private AccessActor(string name) => Name = name;

    public string Name { get; }

    public static AccessActor Of(Caller caller) => new($"token:{caller.TokenId}");

    public override string ToString() => Name;
}
