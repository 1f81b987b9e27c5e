namespace Relay.Shared.Graph.Messages;

/// <summary>How long the parts of a message may be (spec/cloud-api.md §2.4).</summary>
public static class MessageLimits
{
    /// <summary>Code points of <c>text.body</c>.</summary>
    public const int TextBody = 4_096;

    /// <summary>Characters of <c>biz_opaque_callback_data</c>.</summary>
    public const int CallbackData = 512;

    /// <summary>Characters of a message id.</summary>
    public const int MessageId = 200;
}
