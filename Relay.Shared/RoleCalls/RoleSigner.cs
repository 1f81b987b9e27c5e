using System.Text.Json.Serialization;
using Relay.Shared.Primitives;

namespace Relay.Shared.RoleCalls;

/// <summary>Signs a role's calls to another. No two of its signatures have the same time: of two calls anybody can say which came later.</summary>
[JsonConverter(typeof(NeverSerialised<RoleSigner>))]
public sealed class RoleSigner(RoleKeys keys, TimeProvider time)
{
    private long _last;

    /// <summary>Adds the signature to a request that is otherwise complete.</summary>
    /// <param name="request">Its address is absolute; its content is <paramref name="body"/>.</param>
    /// <param name="audience">Who is called.</param>
    /// <param name="body">Exactly the bytes that are sent.</param>
    public void Sign(HttpRequestMessage request, string audience, ReadOnlySpan<byte> body)
    {
        Uri address = request.RequestUri ?? throw new ArgumentException("The request has no address.", nameof(request));
        request.Headers.Add(RoleSignature.Header, Sign(new RoleCall(audience, request.Method.Method, address.PathAndQuery), body));
    }

    /// <summary>The value of the header.</summary>
    public string Sign(RoleCall call, ReadOnlySpan<byte> body) => RoleSignature.Create(keys.Signing, call, body, NextTime()).ToString();

    private long NextTime()
    {
        while (true)
        {
            long last = Interlocked.Read(ref _last);
            long next = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next;
            }
        }
    }
}
