using Relay.Shared.Proof.Privacy;

namespace Relay.Tests.Compliance;

/// <summary>A class of data in the record of processing; what the code knows of it (who holds it, who sees it, how long it lives) comes from <see cref="PrivacyTable"/>.</summary>
/// <param name="Name">As <c>GET /relay/v1/privacy</c> calls it.</param>
/// <param name="Subjects">Whose data it is.</param>
/// <param name="Purpose">What it is there for.</param>
/// <param name="Recipient">Whom it is given to.</param>
/// <param name="Line">The code's line; null where there is none.</param>
internal sealed record ProcessingClass(string Name, string Subjects, string Purpose, string Recipient, PrivacyLine? Line);
