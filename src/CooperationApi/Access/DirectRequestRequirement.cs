using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;

namespace CooperationApi.Access;

/// <summary>
/// The requirement of routes for the operator's own programs. Met without credentials by a request that comes directly from this machine or
/// from a trusted proxy, and otherwise by the roles. A request with a header that only proxies set is forwarded for a client elsewhere.
/// </summary>
internal sealed class DirectRequestRequirement(IEnumerable<string> roles, AccessOptions access) : RolesAuthorizationRequirement(roles)
{
    // The forwarded headers middleware renames the headers that it has used from `X-Forwarded-…` to `X-Original-…`.
    private static readonly string[] ForwardingHeaders =
        ["X-Forwarded-For", "X-Original-For", "X-Forwarded-Proto", "X-Original-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix",
            "X-Original-Prefix", "X-Real-IP", "Forwarded", "Via"];

    private readonly System.Net.IPNetwork[] trustedProxies =
        [.. access.GetTrustedProxies().Select(proxy => ClientNetwork.Parse(proxy)!.Value)];

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RolesAuthorizationRequirement requirement)
    {
        if (context.Resource is not HttpContext http || !IsDirect(http))
            return base.HandleRequirementAsync(context, requirement);
        context.Succeed(requirement);
        return Task.CompletedTask;
    }

    private bool IsDirect(HttpContext context) => context.Connection.RemoteIpAddress is { } address
        && !ForwardingHeaders.Any(context.Request.Headers.ContainsKey)
        && (IPAddress.IsLoopback(address) || trustedProxies.Any(proxy => proxy.Contains(ClientNetwork.ToIPv4IfMapped(address))));
}
