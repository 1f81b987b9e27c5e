namespace Relay.Shared.Graph;

/// <summary>Makes a client's own keyword fit to be repeated to it: at most 32 characters, printable ASCII, no quotes.</summary>
internal static class ClientText
{
    internal const int MaxLength = 32;

    internal static string Clip(string text) => string.Create(Math.Min(text.Length, MaxLength), text, static (target, source) =>
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = source[i] is >= ' ' and <= '~' and not ('"' or '\'' or '\\' or '<' or '>') ? source[i] : '?';
        }
    });
}
