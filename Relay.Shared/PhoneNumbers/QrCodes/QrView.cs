using System.Text.Json.Nodes;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Primitives;

namespace Relay.Shared.PhoneNumbers.QrCodes;

/// <summary>The fields of a QR code. <c>qr_image_url</c> takes <c>format</c>: <c>SVG</c> or <c>PNG</c>.</summary>
internal static class QrView
{
    private const string Image = "qr_image_url";
    private const string Format = "format";

    private static readonly NodeView<Facts> s_view = new NodeView<Facts>()
        .Shows("code", facts => facts.Code)
        .Shows("prefilled_message", facts => facts.Kept.Message)
        .Shows("deep_link_url", facts => facts.Addresses.DeepLink(facts.Code))
        .Has("creation_time", facts => facts.Kept.MadeAt)
        .Has(Image, facts => facts.Addresses.Image(facts.Code, facts.Format), null, Format);

    internal static Result<FieldSelection, GraphError> Select(string fields) =>
        !s_view.Select(fields).TryGet(out FieldSelection? selection, out GraphError? mistake) ? mistake
        : selection.Argument(Image, Format) is null or "SVG" or "PNG" ? selection
        : GraphErrorCode.InvalidParameter.Because($"The format of {Image} must be SVG or PNG.");

    internal static JsonObject Show(string code, QrCode kept, QrAddresses addresses, FieldSelection selection) =>
        s_view.Show(new Facts(code, kept, addresses, selection.Argument(Image, Format) == "PNG" ? QrImageFormat.Png : QrImageFormat.Svg), selection);

    /// <summary>How a code is answered that was just made or changed.</summary>
    internal static JsonObject Saved(string code, string message, QrAddresses addresses, QrImageFormat? image)
    {
        JsonObject saved = new() { ["code"] = code, ["prefilled_message"] = message, ["deep_link_url"] = addresses.DeepLink(code) };
        if (image is { } format)
        {
            saved[Image] = addresses.Image(code, format);
        }

        return saved;
    }

    private sealed record Facts(string Code, QrCode Kept, QrAddresses Addresses, QrImageFormat Format)
    {
        public override string ToString() => nameof(Facts);
    }
}
