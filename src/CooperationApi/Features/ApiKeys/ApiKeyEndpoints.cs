using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;

namespace CooperationApi.Features.ApiKeys;

/// <summary>The routes `/v1/keys`, for the role Admin: list, create, rotate and revoke API keys.</summary>
internal sealed class ApiKeyEndpoints(ApiKeyIssuer issuer, ApiKeyStore store)
{
    private const string Tag = "keys", ExampleId = "k3j9x2ab";

    private static readonly IReadOnlyList<QueryParameter> ListParameters = [PageParameters.Limit, PageParameters.Cursor];

    private static readonly JsonObject ExampleKey = new()
    {
        ["id"] = ExampleId,
        ["name"] = "Sở Nội vụ Hưng Yên",
        ["role"] = nameof(Role.Editor),
        ["provinceIds"] = new JsonArray("hung-yen-2025"),
        ["createdAt"] = "2026-11-22T08:00:00.000Z",
        ["createdBy"] = "Ban biên tập (a8r2m5qz)",
        ["expiresAt"] = "2027-11-22T08:00:00.000Z",
    };

    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var endpoints = v1.ServiceProvider.GetRequiredService<ApiKeyEndpoints>();
        v1.MapGetAndHead("keys", endpoints.List, () => new("listKeys", Tag, "List API keys.", "Returns all keys without their secrets, newest first. Revoked keys are included.")
        {
            ResponseType = typeof(KeyPage),
            Example = ("KeyPage", () => new JsonObject { ["items"] = new JsonArray(ExampleKey.DeepClone()) }),
            Parameters = ListParameters,
            RequiredRole = Role.Admin,
        });
        v1.MapGetAndHead("keys/{id}", endpoints.Get, () => new("getKey", Tag, "Get an API key.", "Returns the key without its secret.")
        {
            ResponseType = typeof(Key),
            Example = ("Key", () => ExampleKey.DeepClone()),
            PathIdExample = ExampleId,
            RequiredRole = Role.Admin,
        });
        v1.MapWrite(HttpMethod.Post, "keys", endpoints.Create, () => new("createKey", Tag, "Create an API key.", "The response has the secret of the key. The secret is shown only once: the service stores only its hash.")
        {
            Method = HttpMethod.Post,
            Body = (typeof(NewKey), new JsonObject
            {
                ["name"] = "Sở Nội vụ Hưng Yên",
                ["role"] = nameof(Role.Editor),
                ["provinceIds"] = new JsonArray("hung-yen-2025"),
                ["expiresAt"] = "2099-01-01T00:00:00+07:00",
            }),
            SuccessStatus = 201,
            ResponseType = typeof(CreatedKey),
            Example = ("CreatedKey", CreateExample),
            RequiredRole = Role.Admin,
        });
        v1.MapWrite(HttpMethod.Delete, "keys/{id}", endpoints.Revoke, () => new("revokeKey", Tag, "Revoke an API key.",
            "From the next request, the service rejects the key. The key remains in the list. Revoking a revoked key changes nothing. The last active Admin key cannot be revoked (409).")
        {
            Method = HttpMethod.Delete,
            PathIdExample = ExampleId,
            SuccessStatus = 204,
            ResponseType = null,
            Example = ("NoContent", () => null),
            ErrorStatuses = [409],
            RequiredRole = Role.Admin,
        });
        v1.MapWrite(HttpMethod.Post, "keys/{id}/rotate", endpoints.Rotate, () => new("rotateKey", Tag, "Rotate an API key.",
            "The new key has the name, role, provinces and lifetime of the old key. The old key works until the end of the grace period. An inactive or already rotated key cannot be rotated (409).")
        {
            Method = HttpMethod.Post,
            Body = (typeof(KeyRotation), new JsonObject { ["gracePeriodDays"] = 7 }),
            PathIdExample = ExampleId,
            SuccessStatus = 201,
            ResponseType = typeof(CreatedKey),
            Example = ("CreatedKey", CreateExample),
            ErrorStatuses = [409],
            RequiredRole = Role.Admin,
        });
    }

    private static JsonObject CreateExample() => new()
    {
        ["key"] = ExampleKey.DeepClone(),
        ["secret"] = $"{SecretScrubber.KeyPrefix}{ExampleId}_ExampleSecretThatNoServiceAccepts0000000000",
    };

    private async Task List(HttpContext context)
    {
        var values = QueryValues.Parse(context.Request, ListParameters);
        var limit = PageParameters.Limit.Read(values);
        var startAfter = PageParameters.Cursor.Read<(string, string)>(values, Tag);
        values.ThrowIfInvalid();
        var keys = await store.ReadPage(startAfter, limit + 1, context.RequestAborted);
        var nextCursor = keys.Count > limit ? PageCursor.Encode(Tag, keys[limit - 1].CreatedAt, keys[limit - 1].Id) : null;
        await Respond(context, new KeyPage { Items = [.. keys.Take(limit).Select(key => key.ToKey())], Next = nextCursor },
            QueryValues.WithCursor(context.Request, nextCursor));
    }

    private async Task Get(HttpContext context)
    {
        QueryValues.RejectAll(context.Request);
        var key = await store.Find(context.GetRouteId(), context.RequestAborted)
            ?? throw new ProblemException(404, "record_not_found", Tag, context.GetRouteId());
        await Respond(context, key.ToKey());
    }

    private async Task Create(HttpContext context)
    {
        var caller = RequireAdminRequest(context);
        await RespondCreated(context, await issuer.Create(await RequestBody.ReadAs<NewKey>(context), caller.Name, context.RequestAborted));
    }

    private async Task Rotate(HttpContext context)
    {
        var caller = RequireAdminRequest(context);
        await RespondCreated(context, await issuer.Rotate(context.GetRouteId(), await RequestBody.ReadAs<KeyRotation>(context), caller.Name, context.RequestAborted));
    }

    private async Task Revoke(HttpContext context)
    {
        var caller = Caller.Find(context)!;
        QueryValues.RejectAll(context.Request);
        await issuer.Revoke(context.GetRouteId(), protectLastAdmin: true, caller.Name, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.CacheControl = "no-store";
    }

    /// <summary>Runs all checks of the request before a secret is created: a secret in a failed response would be lost.</summary>
    private static Caller RequireAdminRequest(HttpContext context)
    {
        var caller = Caller.Find(context)!;
        QueryValues.RejectAll(context.Request);
        ResponseCache.EnsureAcceptsJson(context.Request);
        return caller;
    }

    private static Task Respond<T>(HttpContext context, T content, string? nextPage = null)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(content, ApiJson.Options);
        return ResponseCache.RespondUncachedPrivate(context, new(Convert.ToHexStringLower(SHA256.HashData(body))[..16], IsWeak: true, body) { NextPageUrl = nextPage });
    }

    private static Task RespondCreated(HttpContext context, CreatedKey createdKey)
    {
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"/v1/keys/{createdKey.Key.Id}";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(createdKey, ApiJson.Options, context.RequestAborted);
    }
}
