using System.Text.Json.Serialization;

namespace Relay.Phone.Events;

/// <summary>
/// Something that happened to a phone. Its JSON is one line of <c>receive --json</c>, and how the state keeps it until it was
/// shown. Classes, not records: nothing of it prints by accident.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(MessageReceived), "message")]
[JsonDerivedType(typeof(ReceiptReceived), "receipt")]
[JsonDerivedType(typeof(MessageUndecryptable), "undecryptable")]
[JsonDerivedType(typeof(IdentityChanged), "identityChanged")]
[JsonDerivedType(typeof(MessageRefused), "refused")]
[JsonDerivedType(typeof(MessageSent), "sent")]
public abstract class PhoneEvent;
