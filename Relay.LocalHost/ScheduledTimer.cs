using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using NCrontab;
using Relay.Shared.Primitives;

namespace Relay.LocalHost;

/// <summary>
/// One timer function and its schedule, one run at a time. Due times that a jump of the clock passed are one run, marked
/// past due; those that pass while it runs are left out, as in Azure.
/// </summary>
internal sealed partial class ScheduledTimer : IDisposable
{
    /// <summary>No single wait is longer; a timer that fires once a year is beyond what a delay can take.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly TimerFunction _function;
    private readonly CrontabSchedule _schedule;
    private readonly FunctionInvoker _invoker;
    private readonly LocalFunctionHostOptions _options;
    private readonly InFlight _everything;
    private readonly ILogger<ScheduledTimer> _logger;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private DateTime _last;
    private long _next;

    public ScheduledTimer(TimerFunction function, FunctionInvoker invoker, LocalFunctionHostOptions options, InFlight everything, ILogger<ScheduledTimer> logger)
    {
        (_function, _invoker, _options, _everything, _logger) = (function, invoker, options, everything, logger);
        _schedule = FunctionContract.ParseSchedule(function.Schedule) ?? throw new InvalidOperationException($"Function '{function.Name}' has no schedule.");
        _next = (function.RunOnStartup ? Now : _schedule.GetNextOccurrence(Now)).Ticks;
    }

    public string Name => _function.Name;

    private DateTime Now => _options.Time.GetUtcNow().UtcDateTime;

    private DateTime Next => new(Interlocked.Read(ref _next), DateTimeKind.Utc);

    public async Task RunAsync(CancellationToken stopping, CancellationToken abandoned)
    {
        while (!stopping.IsCancellationRequested)
        {
            var wait = Next - Now;
            if (wait <= TimeSpan.Zero)
            {
                await RunIfDueAsync(stopping, abandoned);
            }
            else
            {
                // A cancelled delay ends the loop by its condition.
                await Task.WhenAny(Task.Delay(wait < LongestWait ? wait : LongestWait, _options.Time, stopping));
            }
        }
    }

    public async Task RunIfDueAsync(CancellationToken stopping, CancellationToken abandoned)
    {
        if (Next > Now || !await EnterAsync(stopping))
        {
            return;
        }

        try
        {
            // Asked again: whoever had the gate may have done this run.
            if (Next is var due && due <= Now)
            {
                await RunDueAsync(due, abandoned);
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Runs now, whatever the schedule says and without changing it. The caller gets the function's exception.</summary>
    public async Task RunNowAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        _everything.Enter();
        try
        {
            await _invoker.InvokeTimerAsync(_function, Info(Now, isPastDue: false), cancellationToken);
        }
        finally
        {
            Leave();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<bool> EnterAsync(CancellationToken stopping)
    {
        try
        {
            await _gate.WaitAsync(stopping);
            _everything.Enter();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Leave()
    {
        _everything.Exit();
        _gate.Release();
    }

    private async Task RunDueAsync(DateTime due, CancellationToken abandoned)
    {
        try
        {
            await _invoker.InvokeTimerAsync(_function, Info(due, isPastDue: _schedule.GetNextOccurrence(due) <= Now), abandoned);
        }
        catch (Exception fault)
        {
            if (!abandoned.IsCancellationRequested)
            {
                Log.Faulted(_logger, new FunctionName(Name), FaultKind.Of(fault));
                _options.OnFault?.Invoke(Name, fault);
            }
        }
        finally
        {
            _last = due;
            Interlocked.Exchange(ref _next, _schedule.GetNextOccurrence(Now).Ticks);
        }
    }

    private TimerInfo Info(DateTime due, bool isPastDue) => new()
    {
        IsPastDue = isPastDue,
        ScheduleStatus = new ScheduleStatus { Last = _last, Next = _schedule.GetNextOccurrence(due), LastUpdated = Now },
    };

    private static partial class Log
    {
        [LoggerMessage(9008, LogLevel.Error, "Function {Function} failed with {Fault}.")]
        public static partial void Faulted(ILogger logger, FunctionName function, FaultKind fault);
    }
}
