using Relay.Shared.Accounts;

namespace Relay.Shared.PhoneNumbers.QrCodes;

/// <summary>Where a code leads, and where its image is. Both hold the code alone: they say neither a number nor the text.</summary>
/// <param name="addresses">Where the relay is.</param>
/// <param name="deepLinks">Where codes lead, with a slash at its end; below the relay's own address unless set.</param>
public sealed class QrAddresses(RelayAddresses addresses, Uri? deepLinks)
{
    internal string DeepLink(string code) => (deepLinks?.AbsoluteUri.TrimEnd('/') ?? Own("message")) + "/" + code;

    internal string Image(string code, QrImageFormat format) => $"{Own("relay/v1/qr_codes")}/{code}/{(format == QrImageFormat.Png ? "png" : "svg")}";

    private string Own(string path) => $"{addresses.PublicBase.AbsoluteUri.TrimEnd('/')}/{path}";
}
