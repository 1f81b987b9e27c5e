using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Relay.Shared.Primitives;

namespace Relay.Functions.Http;

/// <summary>
/// A request's body as it comes, bounded in bytes, in pauses and in time. Whatever is wrong with it is a <see cref="BrokenBodyException"/>; only the caller's own
/// cancellation is another one.
/// </summary>
internal sealed class StreamedBody : ForwardStream
{
    /// <summary>Between two reads.</summary>
    internal static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    /// <summary>For all of it: the host ends a function after five minutes, and the process with it.</summary>
    internal static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(4);

    private readonly Stream _body;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _end;
    private readonly long _maxBytes;
    private long _count;

    private StreamedBody(Stream body, long maxBytes, TimeProvider time)
    {
        _body = body;
        _maxBytes = maxBytes;
        _time = time;
        _end = time.GetUtcNow() + MaxTime;
    }

    /// <exception cref="BrokenBodyException">The request says that it is larger.</exception>
    internal static StreamedBody Open(HttpRequest request, long maxBytes, TimeProvider time)
    {
        if (request.ContentLength > maxBytes)
        {
            throw new BrokenBodyException(BodyOutcome.TooLarge);
        }

        // The server's own limit is for bodies that are held in memory.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = maxBytes + 1;
        }

        return new StreamedBody(request.Body, maxBytes, time);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        TimeSpan left = _end - _time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            throw new BrokenBodyException(BodyOutcome.Late);
        }

        // Cancelled, never merely left: a read that goes on would write into a buffer that is somebody else's by then.
        using CancellationTokenSource patience = new(left < MaxPause ? left : MaxPause, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            int read = await _body.ReadAsync(buffer, either.Token);
            _count += read;
            return _count <= _maxBytes ? read : throw new BrokenBodyException(BodyOutcome.TooLarge);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new BrokenBodyException(BodyOutcome.Late);
        }
        catch (BadHttpRequestException e)
        {
            throw new BrokenBodyException(e.StatusCode == StatusCodes.Status413PayloadTooLarge ? BodyOutcome.TooLarge : BodyOutcome.Broken);
        }
        catch (IOException)
        {
            throw new BrokenBodyException(BodyOutcome.Broken);
        }
    }
}
