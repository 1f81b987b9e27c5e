namespace Relay.Shared.Templates;

/// <summary>The types of a template's components.</summary>
internal static class TemplateParts
{
    internal const string Header = "HEADER";
    internal const string Body = "BODY";
    internal const string Footer = "FOOTER";
    internal const string Buttons = "BUTTONS";
}

/// <summary>The formats of a template's header.</summary>
internal static class HeaderFormats
{
    internal const string Text = "TEXT";
    internal const string Image = "IMAGE";
    internal const string Video = "VIDEO";
    internal const string Document = "DOCUMENT";
    internal const string Location = "LOCATION";
}

/// <summary>The types of a template's buttons.</summary>
internal static class TemplateButtons
{
    internal const string QuickReply = "QUICK_REPLY";
    internal const string Url = "URL";
    internal const string PhoneNumber = "PHONE_NUMBER";
    internal const string CopyCode = "COPY_CODE";
    internal const string Flow = "FLOW";
    internal const string Catalog = "CATALOG";
    internal const string Mpm = "MPM";
    internal const string Otp = "OTP";
}
