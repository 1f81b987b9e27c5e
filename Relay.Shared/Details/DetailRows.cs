using Relay.Shared.Primitives;

namespace Relay.Shared.Details;

/// <summary>The row keys of table <c>details</c>; public for ever once they have landed.</summary>
internal static class DetailRows
{
    /// <summary>The account's name and time zone.</summary>
    internal const string Account = "account";

    /// <summary>How the business stood when it was last told.</summary>
    internal const string Standing = "standing";

    /// <summary>What all rows of a number start with.</summary>
    internal static string Of(PhoneNumberId number) => $"{number}:";

    internal static string Registration(PhoneNumberId number) => $"{number}:registration";

    internal static string Profile(PhoneNumberId number) => $"{number}:profile";

    internal static string Encryption(PhoneNumberId number) => $"{number}:encryption";

    internal static string Automation(PhoneNumberId number) => $"{number}:automation";

    /// <summary>What the rows of a number's QR codes start with; the code follows.</summary>
    internal static string QrCodes(PhoneNumberId number) => $"{number}:qr:";
}
