using System.Text;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Primitives;
using Xunit;

namespace Relay.Tests.Webhooks;

public sealed class StandardWebhooksTests
{
    [Fact]
    public void The_specifications_own_libraries_sign_alike()
    {
        // The vector that the reference libraries of Standard Webhooks test with.
        byte[] key = Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        byte[] body = Encoding.ASCII.GetBytes("""{"test": 2432232314}""");
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            StandardWebhooks.Compute(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body));
        Assert.Equal(
            StandardWebhooks.Compute(Encoding.ASCII.GetBytes("0123abcd"), "msg_1", 1, body),
            StandardWebhooks.Compute(new Secret("0123abcd"), "msg_1", 1, body));
    }
}
