using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Relay.Shared.Hosting;
using Relay.Shared.Limits;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Standing;

namespace Relay.LocalHost.Split;

/// <summary>What three processes of one Relay run on. Prints nothing: it holds secrets.</summary>
public sealed record SplitOptions
{
    /// <summary>Relay.LocalHost.dll.</summary>
    public string Program { get; init; } = typeof(SplitOptions).Assembly.Location;

    /// <summary>Connection strings, each given to nobody but the roles that need it.</summary>
    public required Secret RelayStorage { get; init; }

    public required Secret TransportStorage { get; init; }

    public required Secret ManagerStorage { get; init; }

    /// <summary>Where keys and codes lie.</summary>
    public required string Data { get; init; }

    public required int RelayPort { get; init; }

    public required int TransportPort { get; init; }

    public required int ManagerPort { get; init; }

    public Secret AdminToken { get; init; } = RandomSecret();

    /// <summary>What business numbers are registered with, and what an operator asks the transport with: two keys.</summary>
    public Secret RegistrationKey { get; init; } = RandomSecret();

    public Secret OperatorKey { get; init; } = RandomSecret();

    /// <summary>The transport, as relay and manager reach it; its process itself unless given.</summary>
    public Uri? TransportBaseUrl { get; init; }

    /// <summary>Settings of the relay besides: limits.</summary>
    public IReadOnlyDictionary<string, string> RelaySettings { get; init; } = new Dictionary<string, string>();

    /// <summary>The messaging tier of a new business.</summary>
    public MessagingTier FirstTier { get; init; } = MessagingTier.Tier250;

    /// <summary>How much a user's device may do; <see cref="DeviceLimits.Lifted"/> for load.</summary>
    public DeviceLimits DeviceLimits { get; init; } = new();

    /// <summary>Whether verification codes are printed.</summary>
    public bool PrintsCodes { get; init; }

    /// <summary>Gets what the processes write to standard error, line by line; this process's own unless given.</summary>
    public Action<RelayRole, string>? OnError { get; init; }

    public RoleAddresses Addresses => new(Address(RelayRole.Relay), Address(RelayRole.Transport), Address(RelayRole.Manager));

    public Uri Address(RelayRole role) => new($"http://127.0.0.1:{Port(role)}");

    internal int Port(RelayRole role) => role switch
    {
        RelayRole.Relay => RelayPort,
        RelayRole.Transport => TransportPort,
        RelayRole.Manager => ManagerPort,
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    public override string ToString() => nameof(SplitOptions);

    /// <summary>On the accounts of the environment, at free ports.</summary>
    public static SplitOptions FromEnvironment(string data)
    {
        int[] ports = FreePorts(3);
        return new SplitOptions
        {
            RelayStorage = Account(nameof(RelayStorage)),
            TransportStorage = Account(nameof(TransportStorage)),
            ManagerStorage = Account(nameof(ManagerStorage)),
            Data = data,
            RelayPort = ports[0],
            TransportPort = ports[1],
            ManagerPort = ports[2],
        };
    }

    /// <summary>Limits as <see cref="RelaySettings"/>.</summary>
    public static IReadOnlyDictionary<string, string> Limits(RelayLimits limits)
    {
        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        return new Dictionary<string, string>
        {
            [Shared.Hosting.RelaySettings.MessagesPerSecond] = Text(limits.MessagesPerSecond),
            [Shared.Hosting.RelaySettings.MessagesPerSecondHigh] = Text(limits.MessagesPerSecondHigh),
            [Shared.Hosting.RelaySettings.PairSeconds] = Text(limits.PairSeconds),
            [Shared.Hosting.RelaySettings.PairBurst] = Text(limits.PairBurst),
            [Shared.Hosting.RelaySettings.BacklogSoft] = Text(limits.BacklogSoft),
            [Shared.Hosting.RelaySettings.BacklogHard] = Text(limits.BacklogHard),
        };
    }

    /// <summary>Ports that nobody has, all different.</summary>
    public static int[] FreePorts(int count)
    {
        List<Socket> sockets = [];
        try
        {
            while (sockets.Count < count)
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            }

            return [.. sockets.Select(socket => ((IPEndPoint)(socket.LocalEndPoint ?? throw new InvalidOperationException("No port is free."))).Port)];
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private static Secret Account(string name) => new(Shared.Hosting.RelaySettings.Required(Environment.GetEnvironmentVariable, name));

    private static Secret RandomSecret() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
}
