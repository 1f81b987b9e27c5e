using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Relay.Functions.Http;

/// <summary>Reads a whole number from a query string.</summary>
internal static class QueryNumber
{
    /// <summary>What every operation refuses as out of its range.</summary>
    internal const int Malformed = -1;

    internal static int Read(HttpRequest request, string name, int otherwise) => request.Query[name] switch
    {
        { Count: 0 } => otherwise,
        { Count: 1 } values when int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number) => number,
        _ => Malformed,
    };
}
