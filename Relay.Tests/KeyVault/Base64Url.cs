namespace Relay.Tests.KeyVault;

/// <summary>As the protocol writes bytes.</summary>
internal static class Base64Url
{
    internal static string Of(byte[]? bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    internal static byte[] Read(string? text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
