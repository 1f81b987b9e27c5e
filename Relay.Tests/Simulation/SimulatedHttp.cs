using System.Net;

namespace Relay.Tests.Simulation;

/// <summary>One process's way out over HTTP: every call is a step of the schedule.</summary>
/// <param name="name">For instance <c>http:transport</c>.</param>
/// <param name="process">Who calls.</param>
/// <param name="schedule">Says when, and what it meets.</param>
/// <param name="serve">Whoever is called.</param>
/// <param name="onLeaving">Sees every request that has left the process, whatever becomes of it.</param>
internal sealed class SimulatedHttp(
    string name,
    SimulatedProcess process,
    SimulatedSchedule schedule,
    Func<SimulatedRequest, Task<HttpResponseMessage>> serve,
    Action<SimulatedRequest> onLeaving) : HttpMessageHandler
{
    /// <summary>Runs in the process when a call has ended, before it hears of it; not when it has died.</summary>
    public Func<SimulatedRequest, Task> After { get; init; } = _ => Task.CompletedTask;

    /// <summary>Not an async method: its task must be the schedule's, which knows where the caller goes on.</summary>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        SimulatedRequest sent = new(request);
        return schedule.CallAsync(process, (name, request.Method + " " + Place(sent.Address), ""), ActAsync, ActAsync, Refuse, cancellationToken);

        async Task<HttpResponseMessage> ActAsync()
        {
            onLeaving(sent);
            try
            {
                return await serve(sent);
            }
            finally
            {
                if (!process.IsDead)
                {
                    await After(sent);
                }
            }
        }

        HttpResponseMessage Refuse(SimulatedFault fault)
        {
            onLeaving(sent);
            schedule.Begin("after", () => After(sent));
            return fault switch
            {
                SimulatedFault.Unavailable => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable),
                SimulatedFault.ServerError => new HttpResponseMessage(HttpStatusCode.InternalServerError),
                SimulatedFault.Throttled => new HttpResponseMessage(HttpStatusCode.TooManyRequests),
                SimulatedFault.ReplyLost => throw new TaskCanceledException("No answer in time."),
                _ => throw new HttpRequestException("Lost on the way."),
            };
        }
    }

    private static string Place(Uri address) => address.Segments[^1].Trim('/');
}
