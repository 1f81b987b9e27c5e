namespace Relay.Shared.Administration;

/// <summary>What somebody may be on the admin API; <see cref="AdminOperation"/> says what each may do.</summary>
[Flags]
public enum AdminRoles
{
    None = 0,

    /// <summary>Everything.</summary>
    Admin = 1,

    /// <summary>Reads accounts and proofs, sets webhooks, issues and revokes tokens for messaging.</summary>
    Developer = 2,

    /// <summary>Reads accounts and proofs.</summary>
    Analyst = 4,

    /// <summary>Reads what is billed.</summary>
    Billing = 8,
}
