using Relay.Shared.Primitives;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;
using Xunit;

namespace Relay.Tests.Transport;

public sealed class RegistrationTests : IAsyncLifetime
{
    private const string Number = "+491511234567";

    private readonly TransportHarness _transport = new();

    public async Task InitializeAsync() => await _transport.CreateStorageAsync();

    public async Task DisposeAsync() => await _transport.DisposeAsync();

    [Fact]
    public async Task The_code_that_was_sent_gives_a_credential_that_works()
    {
        StartRegistrationResponse started = await StartAsync();
        string credential = (await _transport.VerifyAsync(started.RegistrationId, Number, CodeOf(started))).Value!.Credential;

        Assert.NotNull(await _transport.AuthenticateAsync(Number, credential));
        Assert.Null(await _transport.AuthenticateAsync(Number, credential[..^1] + (credential[^1] == 'A' ? 'B' : 'A')));
        Assert.Null(await _transport.AuthenticateAsync("+491511234568", credential));
        Assert.Equal(43, credential.Length);
    }

    [Fact]
    public async Task A_code_is_good_for_one_credential_only()
    {
        StartRegistrationResponse started = await StartAsync();
        TransportResult<DeviceCredentialResponse>[] results = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => _transport.VerifyAsync(started.RegistrationId, Number, CodeOf(started))));

        Assert.Single(results, result => result.IsSuccess);
        Assert.All(results.Where(result => !result.IsSuccess), result => Assert.Equal(TransportErrorCode.VerificationFailed, result.Code));
    }

    [Fact]
    public async Task After_five_wrong_guesses_the_right_code_is_refused_too()
    {
        StartRegistrationResponse started = await StartAsync();
        for (int i = 0; i < TransportLimits.MaxCodeAttempts; i++)
        {
            Assert.Equal(TransportErrorCode.VerificationFailed, (await _transport.VerifyAsync(started.RegistrationId, Number, WrongCodeFor(started))).Code);
        }

        Assert.Equal(TransportErrorCode.VerificationFailed, (await _transport.VerifyAsync(started.RegistrationId, Number, CodeOf(started))).Code);
    }

    [Fact]
    public async Task Concurrent_guesses_never_exceed_the_attempts()
    {
        StartRegistrationResponse started = await StartAsync();
        NumberHasher hasher = _transport.Get<NumberHasher>();
        NumberHash number = await hasher.HashAsync(TransportHarness.Number(Number), default);
        byte[] right = await hasher.HashCodeAsync(number, started.RegistrationId, new Secret(CodeOf(started)), default);
        RegistrationStore store = _transport.Get<RegistrationStore>();
        using Barrier together = new(16);

        // The right code each time, so that every guess that was let through says so.
        bool[] let = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait();
                return store.GuessAsync(number, started.RegistrationId, right, _transport.Time.GetUtcNow(), default);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));

        Assert.InRange(let.Count(ok => ok), 1, TransportLimits.MaxCodeAttempts);
    }

    [Fact]
    public async Task A_code_ends_after_ten_minutes()
    {
        StartRegistrationResponse started = await StartAsync();
        _transport.Time.Advance(TransportLimits.CodeLife);
        Assert.Equal(TransportErrorCode.VerificationFailed, (await _transport.VerifyAsync(started.RegistrationId, Number, CodeOf(started))).Code);
    }

    [Fact]
    public async Task A_code_is_bound_to_its_number_and_to_its_attempt()
    {
        StartRegistrationResponse first = await StartAsync();
        StartRegistrationResponse second = await StartAsync();
        Assert.Equal(TransportErrorCode.VerificationFailed, (await _transport.VerifyAsync(first.RegistrationId, "+491511234999", CodeOf(first))).Code);
        if (CodeOf(first) != CodeOf(second))
        {
            Assert.Equal(TransportErrorCode.VerificationFailed, (await _transport.VerifyAsync(second.RegistrationId, Number, CodeOf(first))).Code);
        }
    }

    [Fact]
    public async Task A_malformed_request_costs_no_attempt()
    {
        StartRegistrationResponse started = await StartAsync();
        for (int i = 0; i < 2 * TransportLimits.MaxCodeAttempts; i++)
        {
            Assert.Equal(TransportErrorCode.BadRequest, (await _transport.VerifyAsync(started.RegistrationId, Number, "12345")).Code);
        }

        Assert.True((await _transport.VerifyAsync(started.RegistrationId, Number, CodeOf(started))).IsSuccess);
    }

    [Fact]
    public async Task A_number_gets_only_some_codes_an_hour_and_is_told_when_to_come_back()
    {
        for (int i = 0; i < TransportLimits.MaxRegistrationsPerHour; i++)
        {
            await StartAsync();
        }

        TransportResult<StartRegistrationResponse> refused = await _transport.Get<StartRegistration>().ExecuteAsync(new(Number), default);
        Assert.Equal(TransportErrorCode.TooMany, refused.Code);
        Assert.Equal(TimeSpan.FromHours(1), refused.Failure!.RetryAfter);

        _transport.Time.Advance(TimeSpan.FromHours(1));
        await StartAsync();
    }

    [Fact]
    public async Task A_new_registration_ends_the_credential_before_it()
    {
        StartRegistrationResponse first = await StartAsync();
        string old = (await _transport.VerifyAsync(first.RegistrationId, Number, CodeOf(first))).Value!.Credential;
        StartRegistrationResponse second = await StartAsync();
        string current = (await _transport.VerifyAsync(second.RegistrationId, Number, CodeOf(second))).Value!.Credential;

        Assert.Null(await _transport.AuthenticateAsync(Number, old));
        Assert.NotNull(await _transport.AuthenticateAsync(Number, current));
    }

    [Fact]
    public async Task The_local_sender_masks_the_number_and_leaves_the_code_to_its_owner_only()
    {
        string directory = Directory.CreateTempSubdirectory("relay-codes").FullName;
        using StringWriter output = new();
        await new LocalCodeSender(output, directory).SendAsync(TransportHarness.Number(Number), "0123abcd", new Secret("123456"), default);

        Assert.DoesNotContain("4915112345", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("123456", output.ToString(), StringComparison.Ordinal);
        string file = Assert.Single(Directory.GetFiles(directory));
        Assert.Equal("0123abcd", Path.GetFileName(file));
        Assert.Equal("123456", await File.ReadAllTextAsync(file));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Directory.Delete(directory, recursive: true);
    }

    private async Task<StartRegistrationResponse> StartAsync() =>
        (await _transport.Get<StartRegistration>().ExecuteAsync(new StartRegistrationRequest(Number), default)).Value!;

    private string CodeOf(StartRegistrationResponse started) => _transport.Codes.Codes[started.RegistrationId].Reveal();

    private string WrongCodeFor(StartRegistrationResponse started) => CodeOf(started) == "000000" ? "000001" : "000000";
}
