using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Relay.Functions.Http;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Transport;

/// <summary>A body that comes slowly, breaks off or never ends costs the transport a bounded time and a bounded buffer.</summary>
public sealed class TransportBodyTests
{
    private readonly DefaultHttpContext _context = new() { Request = { Method = "POST", ContentType = "application/json" } };

    [Fact]
    public async Task A_body_that_does_not_arrive_is_given_up_after_ten_seconds()
    {
        FakeTimeProvider time = new();
        _context.Request.Body = new CountingStream([]) { OnRead = () => time.Advance(TimeSpan.FromSeconds(11)) };

        TransportResult<DirectoryRequest> read = await TransportBody.ReadAsync(_context.Request, TransportJson.Default.DirectoryRequest, _ => true, time, default);
        Assert.Equal((TransportErrorCode.BadRequest, true), (read.Code, read.Failure!.Message.Contains("10 seconds", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_the_clients_mistake()
    {
        _context.Request.Body = new CountingStream([]) { Fault = new BadHttpRequestException("cut") };
        Assert.Equal(TransportErrorCode.BadRequest, (await ReadAsync()).Code);
    }

    [Fact]
    public async Task A_body_without_a_length_is_read_no_further_than_its_bound()
    {
        CountingStream body = new(new byte[1024 * 1024]);
        _context.Request.Body = body;

        Assert.Equal(TransportErrorCode.TooLarge, (await ReadAsync()).Code);
        Assert.InRange(body.Count, TransportLimits.MaxBodyBytes + 1, TransportLimits.MaxBodyBytes + 1);
    }

    private Task<TransportResult<DirectoryRequest>> ReadAsync() =>
        TransportBody.ReadAsync(_context.Request, TransportJson.Default.DirectoryRequest, _ => true, TimeProvider.System, default);
}
