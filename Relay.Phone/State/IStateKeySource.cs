using Relay.Shared.Primitives;

namespace Relay.Phone.State;

/// <summary>Where the key of a state file comes from. Keys it gives are the caller's to dispose.</summary>
public interface IStateKeySource
{
    /// <summary>A header for a new file.</summary>
    internal StateHeader NewHeader();

    /// <summary>The key for a file with this header.</summary>
    /// <exception cref="PhoneException">The file was made with a key of another source, or the key can't be had.</exception>
    internal SecretBytes KeyFor(StateHeader header, bool isNew);
}
