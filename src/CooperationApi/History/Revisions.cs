using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.History;

/// <summary>What a record has been: every change of it, by whom, and what it changed. `/v1/{type}/{id}/revisions`, of records that are no more too.</summary>
internal sealed class Revisions(Database database, Answers answers)
{
    private static readonly IReadOnlyList<Parameter> Parameters =
        [new RevisionSortParameter(), new LimitParameter(), new CursorParameter(), new TotalParameter(), new FormatParameter(), new ProfileParameter()];

    // What a change is compared with is the state right before it, which is none if it was the first or followed a removal.
    private const string All =
        """
        SELECT seq, at, actor, op, reason, into_id, note, id, hash, CAST(body AS BLOB) AS body,
        (
            SELECT CAST(former.body AS BLOB) FROM state former
            WHERE former.type = state.type AND former.id = state.id AND former.seq < state.seq
            ORDER BY former.seq DESC LIMIT 1
        ) AS body_before,
        seq <= (SELECT horizon FROM feed) AND NOT EXISTS (
            SELECT former.seq FROM change former WHERE former.type = state.type AND former.id = state.id AND former.seq < state.seq
        ) AS is_oldest_kept
        FROM state
        WHERE type = @type AND id = @id
        """;

    private const string Count = "SELECT count(*) FROM change WHERE type = @type AND id = @id";

    /// <summary>Maps the routes of all resources.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var revisions = v1.ServiceProvider.GetRequiredService<Revisions>();
        foreach (var resource in v1.ServiceProvider.GetRequiredService<Catalog>().All)
            v1.MapRead($"{resource.Type}/{{id}}/revisions", context => revisions.List(context, resource.Type, ResourceEndpoints.Id(context)), () => Describe(resource));
    }

    private static Operation Describe(Resource resource) => new($"list{Operation.Pascal(resource.Singular)}Revisions", resource.Type,
        $"Lists what became of one {resource.Singular}.",
        "Every change of the record, the last first: its number, when it was, by whom, and what it changed. A record that was taken out keeps its history, and one that was merged into another its own.")
    {
        Answer = typeof(Page<RecordRevision>),
        Example = ("RecordRevisionPage", Example),
        Owner = "revisions",
        Parameters = Parameters,
        PathId = resource.Example,
        IsPage = true,
        IsFile = true,
    };

    private Task List(HttpContext context, string type, string id)
    {
        var mark = database.Mark;
        return answers.Serve(context, mark.Text, () => Read(context, type, id, mark), Format.MediaTypes);
    }

    private async Task<Answer> Read(HttpContext context, string type, string id, Mark mark)
    {
        var faults = new List<Fault>();
        var values = StrictQuery.Read(context.Request, [.. Parameters.Select(parameter => parameter.Name)], faults);
        var isDescending = RevisionSortParameter.Read(values, faults);
        var (limit, total) = (LimitParameter.Read(values, faults), TotalParameter.Read(values, faults));
        var binding = $"revisions\n{type}\n{id}\n{isDescending}";
        var after = values.TryGetValue("cursor", out var cursor) ? Cursor.Read(cursor, binding, values: 1, faults) : null;
        if (after is not (null or [long]))
            faults.Add(new("cursor_invalid") { Parameter = "cursor" });
        var format = FormatParameter.Read(context.Request, values, faults);
        if (faults.Count > 0)
            throw ProblemException.Invalid(faults);
        if (!Slug.IsSlug(id) || !await Was(type, id, context.RequestAborted))
            throw new ProblemException(404, "record_not_found", type, id);
        if (format != Format.Json)
            return Download.Of(context, mark.Text, format, new($"revisions-{id}", Column.Of(typeof(RecordRevision)), (use, cancel) => ReadAll(type, id, isDescending, use, cancel)));
        var (rows, counted, seen) = await Page(type, id, isDescending, after is [long place] ? place : null, limit + 1, total, context.RequestAborted);
        var next = rows.Count > limit ? Cursor.Write(binding, rows[limit - 1].Seq) : null;
        return new Answer(seen.Text, IsWeak: true, Bodies.Page([.. rows.Take(limit).Select(row => Bodies.Of(row.Revision))], next, seen.Revision, counted))
        {
            NextPage = next is null ? null : StrictQuery.WithCursor(context.Request, next),
        };
    }

    /// <summary>Whether a record of this id ever was.</summary>
    private Task<bool> Was(string type, string id, CancellationToken cancel) => database.Read(async connection =>
        await connection.QuerySingleOrDefaultAsync<long?>("SELECT seq FROM change WHERE type = @type AND id = @id ORDER BY seq LIMIT 1", new { type, id }) is not null, cancel);

    private Task<(IReadOnlyList<Change> Rows, long? Total, Mark Mark)> Page(
        string type, string id, bool isDescending, long? after, int most, bool total, CancellationToken cancel) => database.Read(async connection =>
    {
        var beyond = after is null ? "" : $"AND seq {(isDescending ? "<" : ">")} @after";
        var rows = await connection.QueryAsync<Change>($"{All} {beyond} {Order(isDescending)} LIMIT @most", new { type, id, after, most });
        var counted = total ? await connection.QuerySingleAsync<long>(Count, new { type, id }) : (long?)null;
        return ((IReadOnlyList<Change>)rows.AsList(), counted, await Database.MarkOf(connection));
    }, cancel);

    /// <summary>All of them, while one state of the store is seen: each read when the one before has been used.</summary>
    private Task<long> ReadAll(string type, string id, bool isDescending, Func<Rows, Task> use, CancellationToken cancel) => database.Read(async connection =>
    {
        var count = await connection.QuerySingleAsync<long>(Count, new { type, id });
        await use(new((await Database.MarkOf(connection)).Text, count, Read()));
        return count;

        async IAsyncEnumerable<Row> Read()
        {
            await using var rows = await connection.ExecuteReaderAsync($"{All} {Order(isDescending)}", new { type, id });
            var parse = rows.GetRowParser<Change>();
            while (await rows.ReadAsync(cancel))
                yield return new(id, JsonSerializer.SerializeToUtf8Bytes(parse(rows).Revision, Wire.Json));
        }
    }, cancel);

    private static string Order(bool isDescending) => $"ORDER BY seq {(isDescending ? "DESC" : "ASC")}";

    private static JsonObject Example() => new()
    {
        ["items"] = new JsonArray(new JsonObject
        {
            ["revision"] = 204,
            ["at"] = "2026-11-22T08:00:00.000Z",
            ["actor"] = "Sở Nội vụ Hưng Yên (k3j9x2ab)",
            ["op"] = "upsert",
            ["changes"] = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "/name", ["value"] = "Tỉnh ủy Thái Bình" }),
        }),
        ["revision"] = 204,
        ["total"] = 2,
    };

    /// <summary>A row of the feed, and the state before it.</summary>
    private sealed record Change
    {
        public required long Seq { get; init; }

        public required string At { get; init; }

        public required string Actor { get; init; }

        public required string Op { get; init; }

        public string? Reason { get; init; }

        public string? IntoId { get; init; }

        public string? Note { get; init; }

        public required string Id { get; init; }

        /// <summary>Of a record that still stands so, the hash that it was written with.</summary>
        public string? Hash { get; init; }

        public byte[]? Body { get; init; }

        public byte[]? BodyBefore { get; init; }

        public required bool IsOldestKept { get; init; }

        public RecordRevision Revision => new()
        {
            Revision = Seq,
            At = At,
            Actor = Actor,
            Op = Op,
            Reason = Reason,
            Into = IntoId,
            Note = Note,
            Redacted = Op == "upsert" && Body is null ? true : null,
            Oldest = IsOldestKept ? true : null,
            Changes = Body is null ? [] : BodyBefore is null ? JsonPatch.Making(Said(Body, Hash)) : JsonPatch.Between(Said(BodyBefore, hash: null), Said(Body, Hash)),
        };

        /// <summary>What the record says, its number apart.</summary>
        private JsonElement Said(byte[] body, string? hash)
        {
            var said = JsonNode.Parse(BodyHash.Checked(Id, body, hash))!.AsObject();
            said.Remove("revision");
            return JsonSerializer.SerializeToElement(said, Wire.Json);
        }
    }
}
