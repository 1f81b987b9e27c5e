using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.LocalHost;
using Relay.Shared.Storage;

namespace Relay.Tests.Simulation;

/// <summary>
/// One start of a worker: the real composition with all its caches and locks, the functions found by their attributes, queues obeyed as
/// host.json says. Its death takes everything but storage with it.
/// </summary>
[SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "A process has no orderly end here.")]
internal sealed class SimulatedWorker
{
    private static readonly FunctionCatalog Catalog = FunctionCatalog.Scan(Assembly.Load("Relay.Functions").GetTypes());
    private static readonly HostJson Host = HostJson.Load(Path.Combine(AppContext.BaseDirectory, "host.json"));

    private const int HostAttempts = 4;

    private static readonly TimeSpan HiddenFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan WhileAlive = TimeSpan.FromDays(1);

    private readonly IServiceProvider _services;
    private readonly SimulatedSchedule _schedule;
    private readonly FunctionInvoker _invoker;
    private readonly HttpRouter _router;
    private readonly Action<string, Exception> _onFault;

    /// <param name="process">It.</param>
    /// <param name="services">Its composition.</param>
    /// <param name="schedule">The world's.</param>
    /// <param name="onFault">Gets what a function let out, with the function's name.</param>
    public SimulatedWorker(SimulatedProcess process, IServiceProvider services, SimulatedSchedule schedule, Action<string, Exception> onFault)
    {
        (Process, _services, _schedule, _onFault) = (process, services, schedule, onFault);
        _invoker = new FunctionInvoker(services, Catalog);
        _router = new HttpRouter(Catalog, Host.RoutePrefix, _invoker, onFault, NullLogger<HttpRouter>.Instance);
    }

    public SimulatedProcess Process { get; }

    /// <summary>The queue functions of a storage account.</summary>
    public static IEnumerable<QueueFunction> QueueFunctions(string connection) => Catalog.Queues.Where(function => function.Connection == connection);

    public static TimerFunction Timer(string name) => Catalog.Timers.Single(function => function.Name == name);

    /// <summary>Its own way to a function's queue.</summary>
    private IQueueStore QueuesOf(QueueFunction function) => function.Connection == nameof(RelayStorage)
        ? _services.GetRequiredService<RelayStorage>().Queues
        : _services.GetRequiredService<TransportStorage>().Queues;

    /// <summary>Answers a request, or breaks off when the process dies before that.</summary>
    public Task<HttpResponseMessage> ServeAsync(SimulatedRequest request)
    {
        TaskCompletionSource<HttpResponseMessage> answer = new();
        Process.Owes(() => answer.TrySetException(new HttpRequestException("The connection broke off.")));
        _schedule.Begin(request.Address.Segments[^1], async () =>
        {
            using IServiceScope scope = _services.CreateScope();
            DefaultHttpContext context = request.ToContext(scope.ServiceProvider);
            await _router.HandleAsync(context);
            answer.TrySetResult(Answer(context.Response));
        });
        return answer.Task;
    }

    /// <summary>
    /// Takes messages of a queue, a few or a full batch, and runs its function for each, all at once, as the Functions host does: it keeps
    /// them hidden while it lives, and for ten minutes after its death.
    /// </summary>
    public async Task PollAsync(QueueFunction function, IQueueStore renewals)
    {
        IQueueStore queues = QueuesOf(function);
        IReadOnlyList<QueueItem> items;
        try
        {
            int most = _schedule.Random.Chance(50) ? 1 + _schedule.Random.Below(3) : Host.Queues.BatchSize;
            items = await queues.ReceiveAsync(function.Queue, most, HiddenFor, CancellationToken.None);
        }
        catch (StorageFaultException)
        {
            return;
        }

        foreach (QueueItem taken in items)
        {
            if (await renewals.HideAsync(function.Queue, taken, WhileAlive, CancellationToken.None) is { } item)
            {
                Process.Owes(() => renewals.HideAsync(function.Queue, item, HiddenFor, CancellationToken.None));
                _schedule.Begin(function.Name, () => DeliverAsync(function, queues, item, renewals));
            }
        }
    }

    public async Task RunTimerAsync(TimerFunction function)
    {
        try
        {
            await _invoker.InvokeTimerAsync(function, new TimerInfo(), CancellationToken.None);
        }
        catch (Exception e)
        {
            _onFault(function.Name, e);
        }
    }

    private async Task DeliverAsync(QueueFunction function, IQueueStore queues, QueueItem item, IQueueStore renewals)
    {
        try
        {
            if (Strikes())
            {
                // Another worker gets it at the same time.
                _schedule.Counts.Redelivered++;
                item = await SettledAsync(() => queues.HideAsync(function.Queue, item, TimeSpan.Zero, CancellationToken.None)) ?? item;
            }

            if (await TryRunAsync(function, item))
            {
                if (Strikes())
                {
                    _schedule.Counts.Redelivered++;
                    await SettledAsync(() => queues.HideAsync(function.Queue, item, TimeSpan.Zero, CancellationToken.None));
                    return;
                }

                await SettledAsync(() => queues.DeleteAsync(function.Queue, item, CancellationToken.None));
            }
            else if (item.DequeueCount < Host.Queues.MaxDequeueCount || function.Queue.EndsWith(QueueNames.PoisonSuffix, StringComparison.Ordinal))
            {
                await SettledAsync(() => queues.HideAsync(function.Queue, item, Host.Queues.VisibilityTimeout, CancellationToken.None));
            }
            else
            {
                _schedule.Counts.Poisoned++;
                await queues.SendAsync(function.Queue + QueueNames.PoisonSuffix, item.Body, TimeSpan.Zero, TimeSpan.FromDays(7), CancellationToken.None);
                await queues.DeleteAsync(function.Queue, item, CancellationToken.None);
            }
        }
        catch (StorageFaultException)
        {
            // Nobody renews it any more: it comes back when its hidden time is over.
            await renewals.HideAsync(function.Queue, item, HiddenFor, CancellationToken.None);
        }
    }

    /// <summary>The host's own calls are tried again at once, as the storage client does for it.</summary>
    private static async Task<T> SettledAsync<T>(Func<Task<T>> call)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (StorageFaultException) when (attempt < HostAttempts)
            {
            }
        }
    }

    private async Task<bool> TryRunAsync(QueueFunction function, QueueItem item)
    {
        try
        {
            await _invoker.InvokeQueueAsync(function, item.Body, CancellationToken.None);
            return true;
        }
        catch (Exception e)
        {
            _onFault(function.Name, e);
            return false;
        }
    }

    private bool Strikes() => _schedule.Random.Below(1000) < _schedule.Rates.Twice;

    private static HttpResponseMessage Answer(HttpResponse response)
    {
        HttpResponseMessage answer = new((HttpStatusCode)response.StatusCode) { Content = new ByteArrayContent(((MemoryStream)response.Body).ToArray()) };
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in response.Headers)
        {
            if (!answer.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                answer.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return answer;
    }
}
