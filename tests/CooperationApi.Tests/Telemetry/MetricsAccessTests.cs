using System.Net;
using System.Security.Claims;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace CooperationApi.Tests.Telemetry;

/// <summary>Tests of the access to `/metrics`.</summary>
public sealed class MetricsAccessTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("10.2.2.3", false)]
    [InlineData("203.0.113.1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData(null, false)]
    // Forwarded for a client elsewhere, or by a proxy that is not trusted.
    [InlineData("127.0.0.1", false, "X-Forwarded-For")]
    [InlineData("127.0.0.1", false, "X-Original-For")]
    [InlineData("10.1.2.3", false, "X-Forwarded-For")]
    [InlineData("10.1.2.3", false, "X-Original-For")]
    [InlineData("127.0.0.1", false, "X-Forwarded-Proto")]
    [InlineData("127.0.0.1", false, "X-Forwarded-Host")]
    [InlineData("127.0.0.1", false, "x-real-ip")]
    [InlineData("127.0.0.1", false, "Forwarded")]
    [InlineData("127.0.0.1", false, "Via")]
    public async Task Metrics_need_no_key_for_direct_requests_of_this_machine_and_of_trusted_proxies(string? address, bool isAllowed,
        string? header = null)
    {
        await using var service = await AuthenticatedService.Start(("Access:TrustedProxies", "10.1.0.0/16"));
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        if (header is not null)
            context.Request.Headers[header] = "203.0.113.9";
        var authorization = service.GetService<IAuthorizationService>();
        Assert.Equal(isAllowed, (await authorization.AuthorizeAsync(new ClaimsPrincipal(), context, Policies.Metrics)).Succeeded);
        Assert.True((await authorization.AuthorizeAsync(new Caller("a", "a", Role.Admin, null), context, Policies.Metrics)).Succeeded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1")]
    public async Task Metrics_for_a_client_behind_a_proxy_need_the_role_Admin(string trustedProxies)
    {
        await using var service =
            await AuthenticatedService.Start(("Access:TrustedProxies", trustedProxies), ("Access:AllowAnonymousRead", "false"));
        const string Forwarded = "X-Forwarded-For: 203.0.113.9";
        using var direct = await service.Get("/metrics");
        Assert.Equal((200, "text/plain"), ((int)direct.StatusCode, direct.Content.Headers.ContentType!.MediaType));
        Assert.Contains("cooperation_feed_head", await direct.ReadText(), StringComparison.Ordinal);
        Assert.Equal("key_missing", await service.SendForProblemCode(401, "GET", "/metrics", null, null, Forwarded));
        var editor = await service.CreateKeySecret(Role.Editor);
        Assert.Equal("role_insufficient", await service.SendForProblemCode(403, "GET", "/metrics", editor, null, Forwarded));
        Assert.Equal(200, await service.GetStatusCode("/metrics", await service.CreateKeySecret(), Forwarded));
        Assert.Equal("key_invalid", await service.SendForProblemCode(401, "GET", "/metrics", "coop_abcdefgh_x"));
        Assert.Equal("method_not_allowed", await service.SendForProblemCode(405, "POST", "/metrics", await service.CreateKeySecret()));
    }
}
