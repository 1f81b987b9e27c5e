using System.Text.Json.Serialization;

namespace Relay.Shared.Transport.Wire;

/// <param name="Id">40 letters and digits, starting with the day; whoever knows it may fetch the encrypted bytes.</param>
public sealed record AttachmentResponse([property: JsonPropertyName("id")] string Id)
{
    /// <summary>Not the id.</summary>
    public override string ToString() => nameof(AttachmentResponse);
}
