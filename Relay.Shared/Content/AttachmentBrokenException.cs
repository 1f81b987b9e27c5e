namespace Relay.Shared.Content;

/// <summary>The encrypted bytes are not those that the pointer is about: cut, changed, of another key or of another size. All of these look the same.</summary>
public sealed class AttachmentBrokenException() : Exception("The attachment is not the one that its pointer describes.");
