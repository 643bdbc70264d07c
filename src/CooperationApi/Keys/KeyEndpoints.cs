using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Http;
using CooperationApi.Resources;

namespace CooperationApi.Keys;

/// <summary>`/v1/keys`, for Admins: who holds keys, and making, exchanging and revoking them.</summary>
internal sealed class KeyEndpoints(KeyDesk desk, KeyStore store, Callers callers)
{
    private const string Tag = "keys", ExampleId = "k3j9x2ab";

    private static readonly IReadOnlyList<Parameter> ListParameters = [new LimitParameter(), new CursorParameter()];

    private static readonly JsonObject ExampleKey = new()
    {
        ["id"] = ExampleId,
        ["name"] = "Sở Nội vụ Hưng Yên",
        ["role"] = nameof(Role.Editor),
        ["provinceIds"] = new JsonArray("hung-yen-2025"),
        ["madeAt"] = "2026-11-22T08:00:00.000Z",
        ["madeBy"] = "Ban biên tập (a8r2m5qz)",
        ["expiresAt"] = "2027-11-22T08:00:00.000Z",
    };

    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var endpoints = v1.ServiceProvider.GetRequiredService<KeyEndpoints>();
        v1.MapRead("keys", endpoints.List, () => new("listKeys", Tag, "Lists keys.", "All keys, revoked ones too, the newest first. Never their secrets.")
        {
            Answer = typeof(KeyPage),
            Example = ("KeyPage", () => new JsonObject { ["items"] = new JsonArray(ExampleKey.DeepClone()) }),
            Parameters = ListParameters,
            Needs = Role.Admin,
        });
        v1.MapRead("keys/{id}", endpoints.Item, () => new("readKey", Tag, "Reads one key.", "The key without its secret.")
        {
            Answer = typeof(Key),
            Example = ("Key", () => ExampleKey.DeepClone()),
            PathId = ExampleId,
            Needs = Role.Admin,
        });
        v1.MapWrite(HttpMethod.Post, "keys", endpoints.Make, () => new("addKey", Tag, "Makes a key.", "The answer has the key's secret, which is shown this once and kept by nobody but its holder.")
        {
            Method = HttpMethod.Post,
            Body = (typeof(NewKey), new JsonObject
            {
                ["name"] = "Sở Nội vụ Hưng Yên",
                ["role"] = nameof(Role.Editor),
                ["provinceIds"] = new JsonArray("hung-yen-2025"),
                ["expiresAt"] = "2099-01-01T00:00:00+07:00",
            }),
            Status = 201,
            Answer = typeof(MadeKey),
            Example = ("MadeKey", MadeExample),
            Needs = Role.Admin,
        });
        v1.MapWrite(HttpMethod.Delete, "keys/{id}", endpoints.Revoke, () => new("revokeKey", Tag, "Revokes a key.",
            "It is refused from the next request on, and stays listed. Revoking it again changes nothing. The last living key of an Admin is not revoked: 409.")
        {
            Method = HttpMethod.Delete,
            PathId = ExampleId,
            Status = 204,
            Answer = null,
            Example = ("NoContent", () => null),
            Refusals = [409],
            Needs = Role.Admin,
        });
        v1.MapWrite(HttpMethod.Post, "keys/{id}/rotate", endpoints.Rotate, () => new("rotateKey", Tag, "Exchanges a key for a new one.",
            "The new key has the old one's name, role and provinces, and lives as long as that was to. The old one works until the overlap is over. A key that is over is not exchanged: 409.")
        {
            Method = HttpMethod.Post,
            Body = (typeof(KeyRotation), new JsonObject { ["overlapDays"] = 7 }),
            PathId = ExampleId,
            Status = 201,
            Answer = typeof(MadeKey),
            Example = ("MadeKey", MadeExample),
            Refusals = [409],
            Needs = Role.Admin,
        });
    }

    private static JsonObject MadeExample() => new()
    {
        ["key"] = ExampleKey.DeepClone(),
        ["secret"] = $"{KeyText.Prefix}{ExampleId}_ThisOneIsInventedSoItOpensNoDoorAnywhere000",
    };

    private async Task List(HttpContext context)
    {
        callers.Require(context, Role.Admin);
        var faults = new List<Fault>();
        var values = StrictQuery.Read(context.Request, [.. ListParameters.Select(parameter => parameter.Name)], faults);
        var limit = LimitParameter.Read(values, faults);
        var after = values.TryGetValue("cursor", out var cursor) ? Cursor.Read(cursor, Tag, values: 2, faults) : null;
        if (after is not (null or [string, string]))
            faults.Add(new("cursor_invalid") { Parameter = "cursor" });
        if (faults.Count > 0)
            throw ProblemException.Invalid(faults);
        var keys = await store.Page(after is [string madeAt, string id] ? (madeAt, id) : null, limit + 1, context.RequestAborted);
        var next = keys.Count > limit ? Cursor.Write(Tag, keys[limit - 1].MadeAt, keys[limit - 1].Id) : null;
        await Answer(context, new KeyPage { Items = [.. keys.Take(limit).Select(key => key.ToKey())], Next = next },
            next is null ? null : StrictQuery.WithCursor(context.Request, next));
    }

    private async Task Item(HttpContext context)
    {
        callers.Require(context, Role.Admin);
        RefuseQuery(context.Request);
        var key = await store.Find(ResourceEndpoints.Id(context), context.RequestAborted)
            ?? throw new ProblemException(404, "record_not_found", Tag, ResourceEndpoints.Id(context));
        await Answer(context, key.ToKey());
    }

    private async Task Make(HttpContext context)
    {
        var by = Begin(context);
        await AnswerMade(context, await desk.Make(await Body.Read<NewKey>(context), by.Name, context.RequestAborted));
    }

    private async Task Rotate(HttpContext context)
    {
        var by = Begin(context);
        await AnswerMade(context, await desk.Rotate(ResourceEndpoints.Id(context), await Body.Read<KeyRotation>(context), by.Name, context.RequestAborted));
    }

    private async Task Revoke(HttpContext context)
    {
        var by = callers.Require(context, Role.Admin);
        RefuseQuery(context.Request);
        await desk.Revoke(ResourceEndpoints.Id(context), isLastAdminSpared: true, by.Name, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.CacheControl = "no-store";
    }

    /// <summary>All that can be refused before a secret is made, which would be lost with the answer.</summary>
    private Caller Begin(HttpContext context)
    {
        var caller = callers.Require(context, Role.Admin);
        RefuseQuery(context.Request);
        Answers.DemandJson(context.Request);
        return caller;
    }

    private static void RefuseQuery(HttpRequest request)
    {
        var faults = new List<Fault>();
        StrictQuery.Read(request, [], faults);
        if (faults.Count > 0)
            throw ProblemException.Invalid(faults);
    }

    private static Task Answer<T>(HttpContext context, T answer, string? nextPage = null)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(answer, Wire.Json);
        return Answers.ServePrivately(context, new(Convert.ToHexStringLower(SHA256.HashData(body))[..16], IsWeak: true, body) { NextPage = nextPage });
    }

    private static Task AnswerMade(HttpContext context, MadeKey made)
    {
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"/v1/keys/{made.Key.Id}";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(made, Wire.Json, context.RequestAborted);
    }
}
