namespace Relay.Shared.Transport.Statistics;

/// <summary>A count over all businesses, before anything was done to it: never leaves the process that made it.</summary>
/// <param name="Group">What it is a part of: one measure of one week.</param>
/// <param name="Part">Which part, e.g. a country calling code. No group has two cells of one part.</param>
/// <param name="Users">User-days counted, each user at most once a day.</param>
/// <param name="Businesses">Businesses that have any of them.</param>
public sealed record StatisticsCell(string Group, string Part, long Users, int Businesses);

/// <summary>A number that may leave.</summary>
/// <param name="Group">As in <see cref="StatisticsCell"/>.</param>
/// <param name="Part">As there; <see cref="StatisticsRelease.Total"/> for all of the group.</param>
/// <param name="Users">Noisy, rounded to <see cref="StatisticsRelease.Step"/>, never below <see cref="StatisticsRelease.FewestUsers"/>.</param>
public sealed record ReleasedCell(string Group, string Part, long Users);
