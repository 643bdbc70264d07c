using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CooperationApi.Features.ApiKeys;

/// <summary>The routes `/v1/keys`, for the role Admin: list, create, rotate and revoke API keys.</summary>
internal sealed class ApiKeyEndpoints(ApiKeyIssuer issuer, ApiKeyStore store)
{
    private const string Tag = "keys", ExampleId = "k3j9x2ab";

    private static readonly IReadOnlyList<QueryParameter> ListParameters = [PageParameters.Limit, PageParameters.Cursor];

    private static readonly PathParameter KeyId = new("keyId", "The id of the API key.", () => ExampleId, Patterns.KeyId, 8);

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

    public static OperationDescription DescribeList() =>
        new("listKeys", Tag, "List API keys.", "Returns all keys without their secrets, newest first. Revoked keys are included.")
        {
            ResponseType = typeof(KeyPage),
            Example = ("KeyPage", () => new JsonObject { ["items"] = new JsonArray(ExampleKey.DeepClone()) }),
            GetParameters = () => ListParameters,
            IsPage = true,
        };

    public static OperationDescription DescribeGet() => new("getKey", Tag, "Get an API key.", "Returns the key without its secret.")
    {
        ResponseType = typeof(Key),
        Example = ("Key", () => ExampleKey.DeepClone()),
        PathParameters = [KeyId],
    };

    public static OperationDescription DescribeCreate() =>
        new("createKey", Tag, "Create an API key.",
            "The response has the secret of the key. The secret is shown only once: the service stores only its hash.")
        {
            Body = (typeof(NewKey), () => new JsonObject
            {
                ["name"] = "Sở Nội vụ Hưng Yên",
                ["role"] = nameof(Role.Editor),
                ["provinceIds"] = new JsonArray("hung-yen-2025"),
                ["expiresAt"] = "2099-01-01T00:00:00+07:00",
            }),
            SuccessStatus = 201,
            ResponseType = typeof(CreatedKey),
            Example = ("CreatedKey", CreateExample),
        };

    public static OperationDescription DescribeRevoke() => new("revokeKey", Tag, "Revoke an API key.",
        "From the next request, the service rejects the key. The key remains in the list. Revoking a revoked key changes nothing. The "
        + "last active Admin key cannot be revoked (409).")
    {
        PathParameters = [KeyId],
        SuccessStatus = 204,
        IgnoresAccept = true,
        ResponseType = null,
        Example = ("NoContent", () => null),
        OtherStatuses = [409],
    };

    public static OperationDescription DescribeRotate() => new("rotateKey", Tag, "Rotate an API key.",
        "The new key has the name, role, provinces and lifetime of the old key. The old key works until the end of the grace period. An "
        + "inactive or already rotated key cannot be rotated (409).")
    {
        Body = (typeof(KeyRotation), () => new JsonObject { ["gracePeriodDays"] = 7 }),
        PathParameters = [KeyId],
        SuccessStatus = 201,
        ResponseType = typeof(CreatedKey),
        Example = ("CreatedKey", CreateExample),
        OtherStatuses = [409],
    };

    private static JsonObject CreateExample() => new()
    {
        ["key"] = ExampleKey.DeepClone(),
        ["secret"] = $"{SecretScrubber.KeyPrefix}{ExampleId}_ExampleSecretThatNoServiceAccepts0000000000",
    };

    /// <summary>Returns a page of keys.</summary>
    public async Task<ReadResponse> List(HttpContext context)
    {
        var values = QueryValues.Parse(context.Request, ListParameters);
        var limit = PageParameters.Limit.Read(values);
        var startAfter = PageParameters.Cursor.Read<(string CreatedAt, string Id)>(values, Tag,
            position => AnchoredPattern.Compile(Patterns.UtcTimestamp).IsMatch(position.CreatedAt)
                && AnchoredPattern.Compile(Patterns.KeyId).IsMatch(position.Id));
        values.ThrowIfInvalid();
        var keys = await store.ReadPage(startAfter, limit + 1, context.RequestAborted);
        var nextCursor = keys.Count > limit ? PageCursor.Encode(Tag, keys[limit - 1].CreatedAt, keys[limit - 1].Id) : null;
        return CreateResponse(new KeyPage { Items = [.. keys.Take(limit).Select(key => key.ToKey())], Next = nextCursor }) with
        {
            NextPageUrl = QueryValues.WithCursor(context.Request, nextCursor),
        };
    }

    /// <summary>Returns a key.</summary>
    public async Task<ReadResponse> Get(HttpContext context)
    {
        QueryValues.RejectAll(context.Request);
        var id = context.GetPathParameter(KeyId.Name);
        var key = await store.Find(id, context.RequestAborted) ?? throw new ProblemException(404, "record_not_found", Tag, id);
        return CreateResponse(key.ToKey());
    }

    /// <summary>Creates a key.</summary>
    public async Task<IResult> Create(HttpContext context)
    {
        QueryValues.RejectAll(context.Request);
        var request = await RequestBody.ReadAs<NewKey>(context);
        return CreatedResult(context, await issuer.Create(request, Caller.Find(context)!.Name, context.RequestAborted));
    }

    /// <summary>Replaces a key by a new key.</summary>
    public async Task<IResult> Rotate(HttpContext context)
    {
        QueryValues.RejectAll(context.Request);
        var request = await RequestBody.ReadAs<KeyRotation>(context);
        return CreatedResult(context,
            await issuer.Rotate(context.GetPathParameter(KeyId.Name), request, Caller.Find(context)!.Name, context.RequestAborted));
    }

    /// <summary>Revokes a key.</summary>
    public async Task<IResult> Revoke(HttpContext context)
    {
        QueryValues.RejectAll(context.Request);
        var id = context.GetPathParameter(KeyId.Name);
        await issuer.Revoke(id, protectLastAdmin: true, Caller.Find(context)!.Name, context.RequestAborted);
        return TypedResults.NoContent();
    }

    /// <summary>Creates a response for this caller only.</summary>
    private static ReadResponse CreateResponse<T>(T content)
    {
        var response = ReadResponse.FromJson("", content);
        return response with { Tag = Convert.ToHexStringLower(SHA256.HashData(response.Body))[..16], CacheControl = "no-store" };
    }

    private static JsonHttpResult<CreatedKey> CreatedResult(HttpContext context, CreatedKey createdKey)
    {
        context.Response.Headers.Location = $"/v1/keys/{createdKey.Key.Id}";
        return TypedResults.Json(createdKey, ApiJson.Options, statusCode: StatusCodes.Status201Created);
    }
}
