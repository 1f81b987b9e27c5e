using Relay.Functions.Http;
using Relay.Shared.Primitives;

namespace Relay.Functions.Media;

/// <summary>A part of a form. What is wrong with the request around it, it tells as a refusal, so that it isn't taken for a fault of storage.</summary>
internal sealed class PartStream(Stream part) : ForwardStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await part.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw UploadParts.Refused(e);
        }
    }

    internal static bool IsBroken(Exception exception) => exception is BrokenBodyException or IOException or InvalidDataException;
}
