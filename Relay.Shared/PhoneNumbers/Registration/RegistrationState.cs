using System.Text.Json.Serialization;
using Relay.Shared.Details;
using Relay.Shared.Graph;

namespace Relay.Shared.PhoneNumbers.Registration;

/// <summary>
/// How far a business number is: whether its business proved that it holds it, its two-step PIN (a slow salted hash), and what was tried of late.
/// Each step is pure. A guess is counted before it is compared, so many at once are no more than the bound. A number without a state is one that the
/// operator vouches for.
/// </summary>
internal sealed record RegistrationState
{
    internal const int MaxRegistrations = 10;
    internal const int MaxWrongPins = 5;
    internal const int MaxCodeGuesses = 5;
    internal const int MaxCodesPerHour = 5;
    internal const int MaxPinsPerHour = 10;

    internal static readonly TimeSpan RegistrationWindow = TimeSpan.FromHours(72);
    internal static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(10);
    internal static readonly TimeSpan PinLock = TimeSpan.FromHours(24);

    /// <summary>For each wrong guess so far.</summary>
    internal static readonly TimeSpan PinPause = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public bool IsVerified { get; init; } = true;

    public SlowHash? Pin { get; init; }

    public int WrongPins { get; init; }

    /// <summary>When the last wrong PIN was given; in Unix seconds, as all times here.</summary>
    public long WrongPinAt { get; init; }

    public IReadOnlyList<long> PinsSet { get; init; } = [];

    public IReadOnlyList<long> Registrations { get; init; } = [];

    public IReadOnlyList<long> CodesSent { get; init; } = [];

    public CodeHash? Code { get; init; }

    public long CodeEnds { get; init; }

    public int CodeGuesses { get; init; }

    public override string ToString() => nameof(RegistrationState);

    /// <summary>Keeps a new code, which ends the one before.</summary>
    internal DetailChange<RegistrationState> Send(CodeHash code, DateTimeOffset now)
    {
        if (IsVerified)
        {
            return Refuse(GraphErrorCode.CodeNotSent.Because("The phone number is verified: it needs no code."));
        }

        long[] recent = Since(CodesSent, now - Hour);
        return recent.Length >= MaxCodesPerHour
            ? Refuse(GraphErrorCode.CodeNotSent.Because($"{MaxCodesPerHour} codes were sent within an hour. Try again later.") with { RetryAfter = Until(recent[0], Hour, now) })
            : new(this with { Code = code, CodeEnds = (now + CodeLife).ToUnixTimeSeconds(), CodeGuesses = 0, CodesSent = [.. recent, now.ToUnixTimeSeconds()] });
    }

    /// <summary>Counts a guess at the code.</summary>
    internal DetailChange<RegistrationState> GuessCode(DateTimeOffset now) => this switch
    {
        { IsVerified: true } => Refuse(GraphErrorCode.CodeNotVerified.Because("The phone number is verified already.")),
        { Code: null } => Refuse(GraphErrorCode.CodeNotVerified.Because("No code was requested: POST {phone-number-id}/request_code first.")),
        _ when CodeEnds <= now.ToUnixTimeSeconds() => Refuse(GraphErrorCode.CodeNotVerified.Because("The code has ended: request another one.")),
        { CodeGuesses: >= MaxCodeGuesses } => Refuse(GraphErrorCode.CodeNotVerified.Because($"The code was guessed {MaxCodeGuesses} times: request another one.")),
        _ => new(this with { CodeGuesses = CodeGuesses + 1 }),
    };

    /// <summary>The number is proven.</summary>
    internal RegistrationState Verify() => this with { IsVerified = true, Code = null, CodeEnds = 0, CodeGuesses = 0 };

    /// <summary>Counts a registration, and where there is a PIN a wrong guess at it, which <see cref="Registered"/> takes back.</summary>
    internal DetailChange<RegistrationState> Register(DateTimeOffset now)
    {
        if (!IsVerified)
        {
            return Refuse(GraphErrorCode.NumberNotVerified.Because("The phone number is not verified: POST {phone-number-id}/request_code, then /verify_code."));
        }

        if (Pin is not null && WrongPins >= MaxWrongPins && Until(WrongPinAt, PinLock, now) is { } locked)
        {
            return Refuse(GraphErrorCode.TooManyPinGuesses.Because($"{MaxWrongPins} wrong PINs. Try again a day after the last one, or set another PIN.") with { RetryAfter = locked });
        }

        if (Pin is not null && WrongPins > 0 && Until(WrongPinAt, PinPause * Math.Min(WrongPins, MaxWrongPins), now) is { } pause)
        {
            return Refuse(GraphErrorCode.PinGuessedTooFast.Because("The PIN was guessed wrong just now. Wait, then try again.") with { RetryAfter = pause });
        }

        DetailChange<RegistrationState> counted = Count(now);
        return counted.Next is { } next && Pin is not null
            ? new(next with { WrongPins = WrongPins >= MaxWrongPins ? 1 : WrongPins + 1, WrongPinAt = now.ToUnixTimeSeconds() })
            : counted;
    }

    /// <summary>The PIN was right, or is the first one.</summary>
    internal RegistrationState Registered(SlowHash pin) => this with { Pin = pin, WrongPins = 0, WrongPinAt = 0 };

    /// <summary>Counts a call that registers or deregisters.</summary>
    internal DetailChange<RegistrationState> Count(DateTimeOffset now)
    {
        long[] recent = Since(Registrations, now - RegistrationWindow);
        return recent.Length >= MaxRegistrations
            ? Refuse(GraphErrorCode.TooManyRegistrations.Because($"The phone number was registered or deregistered {MaxRegistrations} times within 72 hours.")
                with { RetryAfter = Until(recent[0], RegistrationWindow, now) })
            : new(this with { Registrations = [.. recent, now.ToUnixTimeSeconds()] });
    }

    /// <summary>Counts that another PIN is set.</summary>
    internal DetailChange<RegistrationState> CountPin(DateTimeOffset now)
    {
        long[] recent = Since(PinsSet, now - Hour);
        return recent.Length >= MaxPinsPerHour
            ? Refuse(GraphErrorCode.TooManyCalls.Because($"The PIN was set {MaxPinsPerHour} times within an hour.") with { RetryAfter = Until(recent[0], Hour, now) })
            : new(this with { PinsSet = [.. recent, now.ToUnixTimeSeconds()] });
    }

    private static DetailChange<RegistrationState> Refuse(GraphError error) => new(null, error);

    private static long[] Since(IReadOnlyList<long> times, DateTimeOffset from) => [.. times.Where(at => at > from.ToUnixTimeSeconds())];

    /// <summary>Null when it is over.</summary>
    private static TimeSpan? Until(long at, TimeSpan life, DateTimeOffset now) =>
        DateTimeOffset.FromUnixTimeSeconds(at) + life - now is { Ticks: > 0 } left ? left : null;
}

[JsonSerializable(typeof(RegistrationState))]
internal sealed partial class RegistrationJson : JsonSerializerContext;
