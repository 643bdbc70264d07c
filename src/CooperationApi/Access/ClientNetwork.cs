using System.Net;
using IPNetwork = System.Net.IPNetwork;

namespace CooperationApi.Access;

/// <summary>The addresses and networks of clients and proxies.</summary>
internal static class ClientNetwork
{
    /// <summary>Parses a network or a single address; null for other text.</summary>
    public static IPNetwork? Parse(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : null;

    /// <summary>Returns the IPv4 address that a socket for both protocols shows as an IPv6 address.</summary>
    public static IPAddress ToIPv4IfMapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>
    /// Returns the address by which anonymous callers are counted: the IPv4 address, or the /64 prefix of an IPv6 address, which a
    /// provider assigns to one connection.
    /// </summary>
    public static IPAddress GetRateLimitKey(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        var bytes = ToIPv4IfMapped(address).GetAddressBytes();
        if (bytes.Length == 16)
            bytes.AsSpan(8).Clear();
        return new(bytes);
    }
}
