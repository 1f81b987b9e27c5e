using System.Text;
using QRCoder;

namespace Relay.Shared.PhoneNumbers.QrCodes;

/// <summary>Draws the image of a code: its link and nothing else. The same for everybody, whether or not there is such a code, so it needs no token and no storage.</summary>
public sealed class DrawQrCode(QrAddresses addresses)
{
    private const int PixelsPerModule = 8;

    /// <summary>Null for what can't be a code.</summary>
    public byte[]? Execute(string code, QrImageFormat format)
    {
        if (!QrCode.IsCode(code))
        {
            return null;
        }

        using QRCodeGenerator generator = new();
        using QRCodeData data = generator.CreateQrCode(addresses.DeepLink(code), QRCodeGenerator.ECCLevel.M);
        if (format == QrImageFormat.Png)
        {
            using PngByteQRCode png = new(data);
            return png.GetGraphic(PixelsPerModule);
        }

        using SvgQRCode svg = new(data);
        return Encoding.UTF8.GetBytes(svg.GetGraphic(PixelsPerModule));
    }
}

/// <summary>How a code is drawn.</summary>
public enum QrImageFormat
{
    Svg,
    Png,
}
