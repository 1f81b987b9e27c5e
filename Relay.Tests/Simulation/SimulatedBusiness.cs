using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Relay.Tests.Support;

namespace Relay.Tests.Simulation;

/// <summary>The business's own program: sends texts over the Cloud API, each with its key until it is acknowledged, and remembers which were.</summary>
internal sealed class SimulatedBusiness(HttpClient http, Uri relay, string phoneNumberId, string accessToken, bool usesKeys)
{
    private const int MostInFlight = 8;

    private readonly Queue<(SimulatedDevice To, string Text)> _texts = new();
    private int _inFlight;

    /// <summary>What it tried; the id only of what was acknowledged.</summary>
    public List<(SimulatedDevice To, string Text, string? Id)> Sent { get; } = [];

    /// <summary>What it was answered since somebody last looked.</summary>
    public List<HttpStatusCode> Answers { get; } = [];

    public bool HasText => _texts.Count > 0;

    public bool CanSend => HasText && _inFlight < MostInFlight;

    /// <summary>Whether all was acknowledged.</summary>
    public bool IsIdle => !HasText && _inFlight == 0;

    public void WillSend(SimulatedDevice to, string text) => _texts.Enqueue((to, text));

    public async Task SendAsync()
    {
        (SimulatedDevice to, string text) = _texts.Dequeue();
        _inFlight++;
        int index = Sent.FindIndex(sent => sent.Text == text);
        if (index < 0)
        {
            index = Sent.Count;
            Sent.Add((to, text, null));
        }

        string body = JsonSerializer.Serialize(new { messaging_product = "whatsapp", to = to.Number, type = "text", text = new { body = text } });
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(relay, $"v25.0/{phoneNumberId}/messages"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", accessToken) },
        };
        if (usesKeys)
        {
            request.Headers.Add("Idempotency-Key", text.Replace(' ', '-'));
        }

        try
        {
            using HttpResponseMessage response = await http.SendAsync(request);
            Answers.Add(response.StatusCode);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                JsonElement answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
                Sent[index] = (to, text, TestRelay.Text(answer.GetProperty("messages")[0], "id"));
            }
            else if ((int)response.StatusCode < 500 && response.StatusCode != HttpStatusCode.TooManyRequests)
            {
                throw new InvalidOperationException($"A text was refused with {(int)response.StatusCode}.");
            }
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            // Nobody knows whether it was accepted.
        }

        _inFlight--;
        if (Sent[index].Id is null)
        {
            _texts.Enqueue((to, text));
        }
    }
}
