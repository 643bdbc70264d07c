using CooperationApi.Access;
using CooperationApi.Contracts;

namespace CooperationApi.Tests.Access;

/// <summary>Tests of requests that last longer than their credentials.</summary>
public sealed class OpenRequestTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/changes/live", false)]
    [InlineData("/v1/changes/live", true)]
    [InlineData("/v1/changes?wait=30&cursor=", false)]
    public async Task Request_ends_when_its_key_is_revoked_or_expires(string address, bool expires)
    {
        await using var service = await AuthenticatedService.Start(("Access:AllowAnonymousRead", "false"));
        var key = await service.CreateKey(Role.Reader,
            expiresAt: expires ? service.Clock.GetUtcNow().AddMinutes(5).ToIso() : null);
        var otherKey = await service.CreateKeySecret(Role.Reader);
        if (address.EndsWith("cursor=", StringComparison.Ordinal))
            address += (await service.SendForJson(System.Net.HttpStatusCode.OK, "GET", "/v1/changes/head", otherKey))["cursor"];
        using var client = new HttpClient { BaseAddress = service.Address };
        var (request, otherRequest) = (Read(client, address, key.Secret), Read(client, "/v1/changes/live", otherKey));
        // A request is checked for the first time after at most 5 seconds; it continues while its key is valid.
        await Task.WhenAny(request, Task.Delay(TimeSpan.FromSeconds(6), Cancel));
        Assert.False(request.IsCompleted);

        if (expires)
            service.Clock.Advance(TimeSpan.FromMinutes(6));
        else
            await service.GetService<ApiKeyStore>().Revoke(key.Key.Id, protectLastAdmin: false, Cancel);
        await Assert.ThrowsAnyAsync<Exception>(() => request.WaitAsync(TimeSpan.FromMinutes(2), Cancel));
        Assert.True(request.IsFaulted);
        Assert.False(otherRequest.IsCompleted);
    }

    private static async Task Read(HttpClient client, string address, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = new("Bearer", key) } };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.True(response.IsSuccessStatusCode);
        await response.Content.CopyToAsync(Stream.Null, Cancel);
    }
}
