namespace Relay.Shared.Graph.Messages;

/// <summary>How long the parts of a message may be (spec/cloud-api.md §2.4). Texts are measured in code points, everything else in characters.</summary>
public static class MessageLimits
{
    public const int TextBody = 4_096;

    public const int Caption = 1_024;

    public const int FileName = 240;

    public const int Link = 2_048;

    public const int LocationText = 1_024;

    public const int Contacts = 5;

    /// <summary>Entries of each list of a contact.</summary>
    public const int ContactEntries = 20;

    /// <summary>Each text of a contact.</summary>
    public const int ContactText = 1_024;

    /// <summary>UTF-16 units of an emoji; the longest families and flags have 14.</summary>
    public const int Emoji = 32;

    public const int InteractiveBody = 1_024;

    public const int InteractiveListBody = 4_096;

    public const int InteractiveHeader = 60;

    public const int InteractiveFooter = 60;

    public const int Buttons = 3;

    public const int ButtonTitle = 20;

    public const int ButtonId = 256;

    public const int ListButton = 20;

    public const int Sections = 10;

    /// <summary>Of all sections together.</summary>
    public const int Rows = 10;

    public const int SectionTitle = 24;

    public const int RowId = 200;

    public const int RowTitle = 24;

    public const int RowDescription = 72;

    /// <summary>Of all sections together.</summary>
    public const int Products = 30;

    public const int ProductId = 100;

    /// <summary>Of a flow; 30 are advised.</summary>
    public const int FlowCallToAction = 30;

    /// <summary>Characters of <c>action.parameters</c> as JSON.</summary>
    public const int Parameters = 16_384;

    /// <summary>Characters of <c>biz_opaque_callback_data</c>.</summary>
    public const int CallbackData = 512;

    /// <summary>Characters of a message id.</summary>
    public const int MessageId = 200;

    /// <summary>Characters of a business-scoped user id: two letters, a point, 128 more.</summary>
    public const int UserId = 131;
}
