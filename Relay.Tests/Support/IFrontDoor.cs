using System.Text.Json;

namespace Relay.Tests.Support;

/// <summary>A Relay as its users see it, over HTTP, wherever its roles run.</summary>
internal interface IFrontDoor
{
    /// <summary>Of the Cloud API.</summary>
    Uri BaseAddress { get; }

    HttpClient Http { get; }

    /// <summary>A call of the admin API that must succeed.</summary>
    Task<JsonElement> AdminAsync(HttpMethod method, string path, object body);
}
