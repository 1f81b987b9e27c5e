using System.Globalization;
using Relay.Shared.Graph;

namespace Relay.Shared.Media;

/// <summary>The fields of an upload. The last of a name counts; unknown ones are ignored.</summary>
internal sealed class UploadForm
{
    private string? _product;
    private string? _ttl;

    /// <summary>What the file is said to be, where its part doesn't say.</summary>
    internal string? Type { get; private set; }

    /// <summary>Set once checked.</summary>
    internal int? TtlMinutes { get; private set; }

    internal void Set(string name, string? value)
    {
        switch (name)
        {
            case "messaging_product":
                _product = value;
                break;
            case "type":
                Type = value;
                break;
            case "ttl_minutes":
                _ttl = value;
                break;
        }
    }

    internal GraphError? Check(string product, int minTtl, int maxTtl)
    {
        if (string.IsNullOrEmpty(_product))
        {
            return GraphErrorCode.InvalidParameter.Because($"The parameter messaging_product is required: add the form field messaging_product={product}.");
        }

        if (_product != product)
        {
            return GraphErrorCode.InvalidParameter.Because($"messaging_product must be \"{product}\".");
        }

        if (string.IsNullOrEmpty(_ttl))
        {
            return null;
        }

        if (!int.TryParse(_ttl, NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) || minutes < minTtl || minutes > maxTtl)
        {
            return GraphErrorCode.InvalidParameter.Because($"ttl_minutes must be a whole number from {minTtl} to {maxTtl}.");
        }

        TtlMinutes = minutes;
        return null;
    }
}
