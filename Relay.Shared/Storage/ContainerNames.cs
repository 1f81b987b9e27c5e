namespace Relay.Shared.Storage;

/// <summary>Every blob container there is. A name is public for ever once it has landed.</summary>
public static class ContainerNames
{
    /// <summary>Sealed files (relay's account).</summary>
    public const string Media = "media";

    /// <summary>Files that are encrypted for a device or a relay (transport's account).</summary>
    public const string Attachments = "attachments";

    public static IReadOnlyList<string> OfRelay { get; } = [Media];

    public static IReadOnlyList<string> OfTransport { get; } = [Attachments];
}
