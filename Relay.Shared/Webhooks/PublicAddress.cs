using System.Net;
using System.Net.Sockets;

namespace Relay.Shared.Webhooks;

/// <summary>
/// Tells addresses of the public internet from all others: private, local, reserved, documentation, translation and tunnel ranges, and
/// Azure's own host address, which lies in a public range (spec/reliability.md §2, row 2).
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] Denied =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "fc00::/7",
            "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    internal static bool IsPublic(IPAddress address)
    {
        // ::ffff:a.b.c.d is another spelling of a.b.c.d.
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6
            && plain is not { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 }
            && !Array.Exists(Denied, network => network.Contains(plain));
    }
}
