namespace Relay.Privacy.Story;

/// <summary>The story can't be told: what it is about to prove did not even happen.</summary>
internal sealed class StoryException(string message) : Exception(message);
