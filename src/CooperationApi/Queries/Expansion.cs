using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using CooperationApi.Storage;
using CooperationApi.Text;
using Dapper;

namespace CooperationApi.Queries;

/// <summary>The related records to include with records, as a tree of steps.</summary>
internal sealed class Expansion(ExpansionStep? step, Resource resource)
{
    /// <summary>The maximum number of steps in a path.</summary>
    public const int MaxDepth = 3;

    /// <summary>The maximum number of paths.</summary>
    public const int MaxPaths = 10;

    private readonly List<Expansion> children = [];

    /// <summary>The members of the root records that the expansion needs or adds.</summary>
    public IEnumerable<string> RootMembers => children.Select(branch => branch.Step.Name.Split('.')[0]);

    private ExpansionStep Step => step!;

    /// <summary>Reads paths: `participants.official,agreements.cooperationGroups`. An unknown step is a request error.</summary>
    public static Expansion? Read(QueryValues values, Resource resource)
    {
        if (ExpandParameter.Find(values) is not { } text)
            return null;
        if (values["at"] is not null)
            values.Errors.Add(new("mutually_exclusive", "expand", "at") { Parameter = "expand" });
        var root = new Expansion(null, resource);
        var paths = text.Split(',');
        if (paths.Length > MaxPaths)
            values.Errors.Add(new("too_many_values", paths.Length, MaxPaths) { Parameter = "expand" });
        foreach (var path in paths.Take(MaxPaths))
        {
            if (root.AddPath(path) is { } error)
                values.Errors.Add(error with { Parameter = "expand" });
        }
        return root;
    }

    /// <summary>
    /// Adds the related records to the records. Runs one SQL statement per level, regardless of the number of records and paths. Throws 400
    /// before it builds a response above a maximum of <see cref="ExpansionSize"/>.
    /// </summary>
    public async Task<IReadOnlyList<byte[]>> Expand(DbConnection connection, IEnumerable<byte[]> bodies, CancellationToken cancel)
    {
        var size = new ExpansionSize();
        var records = bodies.WithCancellation(cancel).Select(body => JsonNode.Parse(body)!.AsObject()).ToList();
        var level = children.ConvertAll(branch => (Branch: branch, Records: (IReadOnlyList<JsonObject>)records));
        while (level.Count > 0)
        {
            var loadedBranches = await LoadLevel(connection, level, size, cancel);
            var nextLevel = new List<(Expansion, IReadOnlyList<JsonObject>)>();
            foreach (var (i, (branch, owners)) in level.Index())
            {
                var attached = branch.Attach(owners.WithCancellation(cancel), loadedBranches[i]);
                nextLevel.AddRange(branch.children.Select(child => (child, (IReadOnlyList<JsonObject>)attached)));
            }
            level = nextLevel;
        }
        return [.. records.WithCancellation(cancel).Select(record => JsonSerializer.SerializeToUtf8Bytes(record, ApiJson.Options))];
    }

    private RequestError? AddPath(string path)
    {
        var catalog = resource.Catalog;
        var (node, remainingPath) = (this, path);
        for (var depth = 0; remainingPath.Length > 0; depth++)
        {
            var steps = ExpansionStep.FromResource(node.Resource);
            if (depth == MaxDepth)
                return new("too_deep", path, MaxDepth);
            if (steps.FirstOrDefault(
                step => remainingPath == step.Name
                    || remainingPath.StartsWith(step.Name + ".", StringComparison.Ordinal)) is not { } nextStep)
                return RequestError.NotOneOf("not_allowed", remainingPath, [.. steps.Select(step => step.Name)]);
            var branch = node.children.Find(existing => existing.Step == nextStep);
            if (branch is null)
                node.children.Add(branch = new(nextStep, catalog[nextStep.Type])
                {
                    ParentType = node.Resource.Type,
                    Path = node.Path.Length == 0 ? nextStep.Name : $"{node.Path}.{nextStep.Name}",
                });
            (node, remainingPath) =
                (branch, remainingPath.Length == nextStep.Name.Length ? "" : remainingPath[(nextStep.Name.Length + 1)..]);
        }
        return path.Length == 0
            ? new("empty_value")
            : path[^1] == '.' ? RequestError.NotOneOf("not_allowed", path, [path.TrimEnd('.')]) : null;
    }

    private Resource Resource => resource;

    private string ParentType { get; init; } = "";

    /// <summary>The steps from the root record, as in the parameter.</summary>
    private string Path { get; init; } = "";

    /// <summary>
    /// Loads the records of each branch of a level, by lookup id: their own id, or the id of the record whose list they are in. Adds each
    /// record to the size as often as the level includes it, before the next record is read. The same statement loads the text directives
    /// of citations: at most one per citation, and the source of each citation counts as a related record.
    /// </summary>
    private static async Task<List<LoadedBranch>> LoadLevel(DbConnection connection,
        List<(Expansion Branch, IReadOnlyList<JsonObject> Records)> level, ExpansionSize size, CancellationToken cancel)
    {
        var occurrences = level.ConvertAll(item => item.Records.WithCancellation(cancel)
            .SelectMany(record => GetLookupIds(record, item.Branch.Step)).CountBy(id => id).ToDictionary(StringComparer.Ordinal));
        // Each reference of a member includes one record. A nested list can be empty.
        var referenceCount = 0L;
        foreach (var ((branch, _), counts) in level.Zip(occurrences).Where(pair => pair.First.Branch.Step.Member is not null))
            size.EnsureRoom(branch.Path, referenceCount += counts.Values.Sum());
        var parameters = new DynamicParameters();
        // One parameter per id, although several branches look up the same ids: SQLite compares each name with all earlier ones.
        var ownerIds = level.ConvertAll(item => item.Branch.Step.AddsLinks ? item.Records.Select(GetId).Distinct().ToList() : []);
        List<string> allIds = [.. occurrences.SelectMany(counts => counts.Keys).Concat(ownerIds.SelectMany(ids => ids)).Distinct()];
        var placeholders = allIds.Zip(parameters.AddEach("id", allIds)).ToDictionary();
        var queries = level.Select((item, i) => BuildLookupSql(i, item.Branch, ListPlaceholders(occurrences[i].Keys)))
            .Concat(level.Index().Where(item => item.Item.Branch.Step.AddsLinks)
                .Select(item => BuildDirectiveSql(level.Count + item.Index, item.Item.Branch, ListPlaceholders(ownerIds[item.Index]))));
        var rows = connection.StreamAsync<(long Branch, string LookupId, string Id, string Hash, byte[] Body, string SortValue)>(
            string.Join("\nUNION ALL\n", queries), parameters);
        var loaded = level.ConvertAll(_ => new List<(string LookupId, string Id, string SortValue, byte[] Body)>());
        var directives = level.ConvertAll(_ => new Dictionary<(string OwnerId, string Ordinal), string>());
        await foreach (var row in rows.WithCancellation(cancel))
        {
            var i = (int)row.Branch;
            if (i >= level.Count)
            {
                directives[i - level.Count][(row.LookupId, row.Id)] = Encoding.UTF8.GetString(row.Body);
                continue;
            }
            size.Add(level[i].Branch.Path, occurrences[i][row.LookupId], row.Body.Length);
            loaded[i].Add((row.LookupId, row.Id, row.SortValue, RecordHash.Verify(row.Id, row.Body, row.Hash)));
        }
        return [.. level.Zip(loaded, directives).Select(item =>
        {
            var sorted = item.Second.OrderBy(row => row.SortValue, StringComparer.Ordinal).ThenBy(row => row.Id, StringComparer.Ordinal);
            return new LoadedBranch((item.First.Branch.Resource.SortOrders[0].IsDescending ? sorted.Reverse() : sorted)
                .ToLookup(row => row.LookupId, row => row.Body), item.Third);
        })];

        string ListPlaceholders(IEnumerable<string> ids) => string.Join(", ", ids.Select(id => placeholders[id]).DefaultIfEmpty("NULL"));
    }

    private static string BuildLookupSql(int branchNumber, Expansion branch, string placeholders)
    {
        var (step, table) = (branch.Step, branch.Resource.Table);
        var lookupSql = step.ReferencingMembers is null
            ? $"SELECT record.id AS lookup_id, record.row_id FROM record WHERE record.type = '{step.Type}' AND record.id IN "
                + $"({placeholders})"
            : $"""
              SELECT DISTINCT owner.id AS lookup_id, reference.row_id FROM record owner CROSS JOIN reference
              WHERE owner.type = '{branch.ParentType}' AND owner.id IN ({placeholders}) AND reference.target_row_id = owner.row_id
              AND reference.member_id IN (SELECT member.member_id FROM member WHERE member.type = '{step.Type}'
              {(step.ReferencingMembers.Count == 0 ? "" : $"AND member.name IN "
                  + $"({string.Join(", ", step.ReferencingMembers.Select(member => $"'{member}'"))})")})
              """;
        return $"""
            SELECT {branchNumber} AS branch, found.lookup_id, record.id, record.hash, CAST(record.body AS BLOB),
                {table}.{branch.Resource.SortOrders[0].Column} AS sort_value
            FROM (SELECT * FROM ({lookupSql}) looked_up LIMIT {ExpansionSize.MaxRecords + 1}) found
            JOIN record ON record.row_id = found.row_id JOIN {table} ON {table}.row_id = found.row_id
            """;
    }

    /// <summary>Selects the text directives of the citations of the owners, in the columns of the related records.</summary>
    private static string BuildDirectiveSql(int branchNumber, Expansion branch, string placeholders) =>
        $"""
        SELECT {branchNumber}, owner.id, CAST(text_directive.ordinal AS TEXT), '', CAST(text_directive.directive AS BLOB), ''
        FROM record owner JOIN text_directive ON text_directive.row_id = owner.row_id
        WHERE owner.type = '{branch.ParentType}' AND owner.id IN ({placeholders})
        """;

    /// <summary>
    /// Adds the loaded records beside the members that refer to them, or as lists of their owners. Each occurrence is a separate object.
    /// </summary>
    private List<JsonObject> Attach(IEnumerable<JsonObject> owners, LoadedBranch loaded)
    {
        var (attached, bodiesById) = (new List<JsonObject>(), loaded.BodiesById);
        foreach (var owner in owners)
        {
            if (Step.Member is not { } member || member.EndsWith("[]", StringComparison.Ordinal))
                owner[Step.Name] = new JsonArray([.. GetLookupIds(owner, Step).SelectMany(id => bodiesById[id]).Select(ParseRecord)]);
            else if (member.Split("[].") is [var list, var nestedMember])
                AttachToEach(owner[list]!.AsArray().OfType<JsonObject>(), nestedMember, Step.Name.Split('.')[1]);
            else
                AttachToEach([owner], member, Step.Name);
            if (Step.AddsLinks)
                AddLinks(owner, loaded.Directives);
        }
        return attached;

        JsonObject ParseRecord(byte[] body)
        {
            var record = JsonNode.Parse(body)!.AsObject();
            attached.Add(record);
            return record;
        }

        void AttachToEach(IEnumerable<JsonObject> parents, string member, string name)
        {
            foreach (var parent in parents.Where(parent => parent[member] is not null))
                parent[name] = ParseRecord(bodiesById[(string)parent[member]!].Single());
        }
    }

    /// <summary>Adds its link to each citation of a record, beside the source.</summary>
    private static void AddLinks(JsonObject owner, Dictionary<(string OwnerId, string Ordinal), string> directives)
    {
        foreach (var (ordinal, citation) in (owner["citations"]?.AsArray() ?? []).OfType<JsonObject>().Index())
        {
            var directive = directives.GetValueOrDefault((GetId(owner), ordinal.ToString(CultureInfo.InvariantCulture)));
            if (TextDirective.CreateLink((string?)citation["source"]?["url"], (string?)citation["quote"], directive) is { } link)
                citation["link"] = link;
        }
    }

    private static string GetId(JsonObject record) => (string)record["id"]!;

    /// <summary>The bodies of the related records of a branch by lookup id, and text directives by citing record and citation.</summary>
    private sealed record LoadedBranch(
        ILookup<string, byte[]> BodiesById, Dictionary<(string OwnerId, string Ordinal), string> Directives);

    /// <summary>Returns the ids by which the related records of a record are looked up.</summary>
    private static IEnumerable<string> GetLookupIds(JsonObject record, ExpansionStep step) => step.Member?.Split("[].") switch
    {
        null => [GetId(record)],
        [var list, var nestedMember] => (record[list]?.AsArray() ?? []).Select(element => (string?)element![nestedMember]).OfType<string>(),
        [var singleMember] when singleMember.EndsWith("[]", StringComparison.Ordinal) =>
            (record[singleMember[..^2]]?.AsArray() ?? []).Select(id => (string)id!),
        [var singleMember] => record[singleMember] is { } id ? [(string)id!] : [],
        _ => throw new ArgumentException(step.Member, nameof(step)),
    };
}
