using Microsoft.AspNetCore.Http;

namespace Relay.Tests.Simulation;

/// <summary>What a request says, apart from the object that its sender disposes, perhaps before it arrives.</summary>
internal sealed class SimulatedRequest
{
    private readonly (string Name, string Value)[] _headers;
    private readonly bool _hasBody;

    public SimulatedRequest(HttpRequestMessage request)
    {
        Method = request.Method;
        Address = request.RequestUri ?? throw new InvalidOperationException("A request to nowhere.");
        _headers = [.. request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []).Select(header => (header.Key, string.Join(", ", header.Value)))];
        _hasBody = request.Content is not null;
        using MemoryStream body = new();
        request.Content?.ReadAsStream().CopyTo(body);
        Body = body.ToArray();
    }

    public HttpMethod Method { get; }

    /// <summary>The run that made it.</summary>
    public SimulatedFlow Flow { get; } = SimulatedFlow.Current;

    public Uri Address { get; }

    public byte[] Body { get; }

    /// <summary>As a client sends it.</summary>
    public HttpRequestMessage ToMessage()
    {
        HttpRequestMessage request = new(Method, Address) { Content = _hasBody ? new ByteArrayContent(Body) : null };
        foreach ((string name, string value) in _headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    /// <summary>As a server gets it.</summary>
    public DefaultHttpContext ToContext(IServiceProvider services)
    {
        DefaultHttpContext context = new() { RequestServices = services };
        context.Request.Method = Method.Method;
        context.Request.Scheme = Address.Scheme;
        context.Request.Host = new HostString(Address.Host);
        context.Request.Path = Address.AbsolutePath;
        context.Request.QueryString = new QueryString(Address.Query);
        foreach ((string name, string value) in _headers)
        {
            context.Request.Headers[name] = value;
        }

        context.Request.ContentLength = _hasBody ? Body.Length : null;
        context.Request.Body = new MemoryStream(Body, writable: false);
        context.Response.Body = new MemoryStream();
        return context;
    }
}
