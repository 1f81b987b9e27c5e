using System.Net.Mail;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;

namespace Relay.Shared.PhoneNumbers.Profile;

/// <summary>What a business profile may say: the Cloud API's limits.</summary>
internal static class ProfileRules
{
    private const int MaxAbout = 139;
    private const int MaxAddress = 256;
    private const int MaxDescription = 512;
    private const int MaxEmail = 128;
    private const int MaxWebsite = 256;
    private const int MaxWebsites = 2;

    private static readonly string[] s_verticals =
    [
        "OTHER", "AUTO", "BEAUTY", "APPAREL", "EDU", "ENTERTAIN", "EVENT_PLAN", "FINANCE", "GROCERY", "GOVT", "HOTEL", "HEALTH", "NONPROFIT", "PROF_SERVICES", "RETAIL",
        "TRAVEL", "RESTAURANT", "ALCOHOL", "ONLINE_GAMBLING", "PHYSICAL_GAMBLING", "OTC_DRUGS", "NOT_A_BIZ", "UNDEFINED",
    ];

    internal static GraphError? Check(ProfileRequest request) => request switch
    {
        { MessagingProduct: null } => GraphErrorCode.ParameterMissing.Because("messaging_product is required."),
        { MessagingProduct: not "whatsapp" } => GraphErrorCode.ParameterInvalid.Because("messaging_product must be whatsapp."),
        { PictureHandle: not null } => GraphErrorCode.InvalidParameter.Because(
            "profile_picture_handle is not supported: handles come from the resumable upload API, which Relay doesn't have."),
        { About: { } about } when Length(about) is 0 or > MaxAbout => Invalid($"about must have 1 to {MaxAbout} characters."),
        { Address: { } address } when Length(address) > MaxAddress => Invalid($"address must have at most {MaxAddress} characters."),
        { Description: { } description } when Length(description) > MaxDescription => Invalid($"description must have at most {MaxDescription} characters."),
        { Email: { Length: > 0 } email } when !IsEmail(email) => Invalid($"email must be an e-mail address of at most {MaxEmail} characters."),
        { Websites.Count: > MaxWebsites } => Invalid($"websites may hold at most {MaxWebsites} addresses."),
        { Websites: { } websites } when !websites.All(IsWebsite) => Invalid($"websites must be http or https addresses of at most {MaxWebsite} characters."),
        { Vertical: { Length: > 0 } vertical } when !s_verticals.Contains(vertical) => Invalid($"vertical must be one of {string.Join(", ", s_verticals)}."),
        { About: null, Address: null, Description: null, Email: null, Websites: null, Vertical: null } => Invalid(
            "At least one of about, address, description, email, websites and vertical is required."),
        _ => null,
    };

    /// <summary>Applies a request that was checked: what it leaves out stays, an empty text clears.</summary>
    internal static BusinessProfile Apply(BusinessProfile before, ProfileRequest request) => before with
    {
        About = request.About ?? before.About,
        Address = Text(request.Address, before.Address),
        Description = Text(request.Description, before.Description),
        Email = Text(request.Email, before.Email),
        Vertical = Text(request.Vertical, before.Vertical),
        Websites = request.Websites is { } sites ? [.. sites.OfType<string>().Where(site => site.Length > 0)] : before.Websites,
    };

    private static string? Text(string? asked, string? before) => asked switch { null => before, "" => null, _ => asked };

    private static int Length(string text) => text.EnumerateRunes().Count();

    private static bool IsEmail(string text) => text.Length <= MaxEmail && MailAddress.TryCreate(text, out MailAddress? address) && address.Address == text;

    private static bool IsWebsite(string? text) =>
        text is "" || (text is { Length: <= MaxWebsite } && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https");

    private static GraphError Invalid(string details) => GraphErrorCode.InvalidParameter.Because(details);
}
