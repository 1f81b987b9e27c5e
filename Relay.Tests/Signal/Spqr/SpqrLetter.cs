namespace Relay.Tests.Signal.Spqr;

/// <summary>A message on its way, and the key its sender used.</summary>
internal sealed record SpqrLetter(bool FromA, byte[] Bytes, byte[] Key);
