namespace Relay.Shared.Graph.Messages;

/// <summary>The rules of <c>location</c>.</summary>
internal static class LocationRules
{
    internal static GraphError? Check(LocationMessage? location) => location is null
        ? Rule.Missing(MessageType.Location)
        : Degrees(location.Latitude, "location.latitude", 90)
            ?? Degrees(location.Longitude, "location.longitude", 180)
            ?? Rule.Optional(location.Name, "location.name", MessageLimits.LocationText)
            ?? Rule.Optional(location.Address, "location.address", MessageLimits.LocationText)
            ?? Rule.Optional(location.Url, "location.url", MessageLimits.Link);

    private static GraphError? Degrees(double? value, string member, int most) => value switch
    {
        null => Rule.Missing(member),
        { } degrees when double.IsFinite(degrees) && Math.Abs(degrees) <= most => null,
        _ => Rule.Invalid($"{member} must be -{most} to {most} degrees."),
    };
}
