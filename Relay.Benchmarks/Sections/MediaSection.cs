using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Measuring;
using Relay.Benchmarks.Reporting;
using Relay.Benchmarks.Stage;
using Relay.Load.Parties;
using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Media;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Benchmarks.Sections;

/// <summary>A document of 100 MB each way, and how much memory it takes meanwhile.</summary>
internal static class MediaSection
{
    private const long Full = 100 * 1024 * 1024;
    private const long Quick = 8 * 1024 * 1024;
    private const long WarmUp = 3 * 1024 * 1024;
    private const double MiB = 1024 * 1024;

    internal static async Task<Section> RunAsync(BenchAccounts accounts, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        await using BenchRelay relay = await BenchRelay.StartAsync(accounts, runPumps: false, recorder: null, cancellationToken);
        LoadBusiness business = await relay.BusinessAsync(withWebhook: false, cancellationToken);
        Parties parties = await Parties.OpenAsync(relay, business, cancellationToken);
        long size = options.Quick ? Quick : Full;
        await RoundAsync(parties, WarmUp, [], cancellationToken);
        List<Figure> figures = [];
        await RoundAsync(parties, size, figures, cancellationToken);
        relay.ThrowIfAnyFailed();
        return new Section
        {
            Name = $"media, {SectionList.Place(accounts)}",
            Method =
            [
                $"One document of {size / (1024 * 1024)} MiB: uploaded over HTTP (multipart), downloaded by its address, encrypted and left with the transport for devices, and one left by a device taken over.",
                "All roles, the client and the devices are this process; the emulator is not. The file is made while it is sent and hashed while it is read.",
                "Memory is looked at every 20 ms; the rise is its highest less what it was before each step, after a full collection. A small file has gone each way before.",
            ],
            Figures = figures,
        };
    }

    private static async Task RoundAsync(Parties parties, long size, List<Figure> figures, CancellationToken cancellationToken)
    {
        string id = string.Empty;
        await MeasureAsync("upload", size, figures, async () => id = await parties.UploadAsync(size, cancellationToken));
        await MeasureAsync("download", size, figures, () => parties.DownloadAsync(id, size, cancellationToken));
        await MeasureAsync("attach to a message", size, figures, () => parties.AttachAsync(id, cancellationToken));
        DeviceMedia sent = await parties.SendFromDeviceAsync(size, cancellationToken);
        await MeasureAsync("take over from a device", size, figures, () => parties.TakeAsync(sent, cancellationToken));
    }

    private static async Task MeasureAsync(string name, long size, List<Figure> figures, Func<Task> step)
    {
        using MemoryWatch memory = MemoryWatch.Start();
        long began = Stopwatch.GetTimestamp();
        await step();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        figures.Add(new Figure { Name = name, Value = size / MiB / seconds, Unit = "MiB/s" });
        figures.Add(new Figure { Name = $"{name}: rise of the working set", Value = memory.WorkingSetRise, Unit = "MiB", Target = "below 20" });
        figures.Add(new Figure { Name = $"{name}: rise of the heap", Value = memory.HeapRise, Unit = "MiB" });
    }

    /// <summary>A business, its number as the relay knows it, and a device.</summary>
    private sealed class Parties(BenchRelay relay, LoadBusiness business, BusinessNumber number, TransportClient transport)
    {
        public static async Task<Parties> OpenAsync(BenchRelay relay, LoadBusiness business, CancellationToken cancellationToken)
        {
            IServiceProvider services = relay.Services;
            string id = business.Address.Segments[^2].Trim('/');
            await foreach (BusinessId owner in services.GetRequiredService<BusinessStore>().ListAsync(cancellationToken))
            {
                if (await services.GetRequiredService<NumberStore>().FindAsync(owner, PhoneNumberId.Parse(id), cancellationToken) is { } number)
                {
                    return new Parties(relay, business, number, services.GetRequiredService<TransportClient>());
                }
            }

            throw new InvalidOperationException("The business has no number.");
        }

        public async Task<string> UploadAsync(long size, CancellationToken cancellationToken)
        {
            using StreamContent file = new(new GeneratedFile(size));
            file.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
            using MultipartFormDataContent form = new() { { new StringContent("whatsapp"), "messaging_product" }, { file, "file", "large.pdf" } };
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri(business.Address, "media")) { Content = form };
            return (await AnswerAsync(request, cancellationToken)).GetProperty("id").GetString() ?? throw new InvalidOperationException("The upload has no id.");
        }

        public async Task DownloadAsync(string id, long size, CancellationToken cancellationToken)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(relay.Address, id));
            Uri url = new((await AnswerAsync(request, cancellationToken)).GetProperty("url").GetString() ?? throw new InvalidOperationException("The file has no address."));
            using HttpResponseMessage response = await relay.Http.Client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await using Stream content = await response.Content.ReadAsStreamAsync(cancellationToken);
            await using GeneratedFile expected = new(size);
            byte[] came = await SHA256.HashDataAsync(content, cancellationToken);
            byte[] sent = await SHA256.HashDataAsync(expected, cancellationToken);
            if (!came.AsSpan().SequenceEqual(sent))
            {
                throw new InvalidOperationException("What came back is not what was sent.");
            }
        }

        public async Task AttachAsync(string id, CancellationToken cancellationToken) =>
            Succeeded(await relay.Services.GetRequiredService<AttachMedia>().ExecuteAsync(number, MediaKind.Document, MediaSource.OfId(id), cancellationToken));

        public async Task<DeviceMedia> SendFromDeviceAsync(long size, CancellationToken cancellationToken)
        {
            byte[] key = RandomNumberGenerator.GetBytes(AttachmentFormat.KeySize);
            await using AttachmentEncryption encryption = new(new GeneratedFile(size), key);
            TransportResult<AttachmentResponse> put = await transport.PutAttachmentAsync(
                number.Credential ?? throw new InvalidOperationException("The number has no credential."), encryption, cancellationToken);
            AttachmentPointer pointer = new()
            {
                Id = put.Value?.Id ?? throw new InvalidOperationException($"The transport refused: {put.Code}."),
                Key = key,
                Digest = encryption.Digest ?? [],
                Size = size,
            };
            return new DeviceMedia(pointer, "application/pdf", string.Empty, size);
        }

        public async Task TakeAsync(DeviceMedia media, CancellationToken cancellationToken) => Succeeded(await relay.Services.GetRequiredService<TakeMedia>().ExecuteAsync(
            number, new ConversationKey(number.Business, ConversationId.Create()), EnvelopeId.Create(), MediaKind.Document, media, cancellationToken));

        private async Task<JsonElement> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = business.Authorization;
            using HttpResponseMessage response = await relay.Http.Client.SendAsync(request, cancellationToken);
            using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return response.IsSuccessStatusCode ? answer.RootElement.Clone() : throw new InvalidOperationException($"Answered {(int)response.StatusCode}.");
        }

        private static void Succeeded<T>(Result<T, GraphError> result)
            where T : notnull
        {
            if (!result.TryGet(out _, out GraphError? error))
            {
                throw new InvalidOperationException($"Refused: {error.Code}.");
            }
        }
    }
}
