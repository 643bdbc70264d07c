using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace CooperationApi.Access;

/// <summary>Where requests come from.</summary>
internal static class ClientNetwork
{
    /// <summary>A network, or the network of a single address; null for other text.</summary>
    public static IPNetwork? Parse(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : null;

    /// <summary>How forwarded headers are taken: from these proxies, through as many of them as a request came, and from nobody else.</summary>
    public static ForwardedHeadersOptions CreateForwardedHeadersOptions(string proxies)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in Http.CorsOrigins.Split(proxies))
            options.KnownIPNetworks.Add(Parse(proxy)!.Value);
        return options;
    }

    /// <summary>What one caller without a key is counted by: the address, or the /64 of it, which with IPv6 is one connection's.</summary>
    public static IPAddress GetRateLimitKey(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 16)
            bytes.AsSpan(8).Clear();
        return new(bytes);
    }
}
