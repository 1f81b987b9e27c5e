namespace Relay.Shared.Administration;

/// <summary>On what an admin operation works, and so what a role must reach.</summary>
public enum AdminReach
{
    /// <summary>On one business: the role must be for it, or for all.</summary>
    Business,

    /// <summary>On all of them, or on one but against its will: the role must be for all.</summary>
    All,

    /// <summary>On those that the caller has the role for.</summary>
    Own,
}
