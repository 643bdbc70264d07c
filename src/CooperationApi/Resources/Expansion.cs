using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Http;
using CooperationApi.Storage;
using Dapper;
using Microsoft.OpenApi;

namespace CooperationApi.Resources;

/// <summary>
/// One step from records to others: by a member that names them (`participants.official`, `provinces`), or to a list that stands under them
/// (`agreements`). What is found stands in the records under that name.
/// </summary>
internal sealed record Step(string Name, string Type)
{
    /// <summary>The member that names the records, if one does: `participants[].officialId`.</summary>
    public string? Member { get; init; }

    /// <summary>The members of the listed records that name these; null of a step by a member.</summary>
    public IReadOnlyList<string>? NamedIn { get; init; }

    /// <summary>The steps from a resource's records. A name that the record has already is none: `giver` is the giver in words.</summary>
    public static IReadOnlyList<Step> From(Resource resource) =>
    [
        .. resource.Links.Append(new("citations[].sourceId", "sources")).Where(link => resource.Catalog.Find(link.ToType ?? "") is not null && link.Member.TrimEnd('[', ']') is var member
                && (member.EndsWith("Id", StringComparison.Ordinal) || member.EndsWith("Ids", StringComparison.Ordinal)))
            .Select(link => new Step(NameOf(link.Member), link.ToType!) { Member = link.Member })
            .Where(step => !resource.Members.Contains(step.Name) && resource.Members.Contains(step.Member!.Split('[', '.')[0])),
        .. resource.Catalog.All.SelectMany(listed => listed.SubLists.Where(sub => sub.ParentType == resource.Type).Select(sub =>
            new Step(JsonNamingPolicy.CamelCase.ConvertName(Operation.Pascal(listed.Type)), listed.Type)
            {
                NamedIn = ((IdFilter)listed.Filters.Single(filter => filter.Name == sub.Filter)).Members,
            })),
    ];

    /// <summary>`participants[].officialId` as `participants.official`, `provinceIds[]` as `provinces`.</summary>
    private static string NameOf(string member)
    {
        var name = member.Replace("[]", "", StringComparison.Ordinal);
        return name.EndsWith("Ids", StringComparison.Ordinal) ? name[..^3] + "s" : name[..^2];
    }
}

/// <summary>What to send along with records: a tree of steps.</summary>
internal sealed class Expansion(Step? step, Resource resource)
{
    /// <summary>How many steps one after another.</summary>
    public const int Deepest = 3;

    /// <summary>How many paths at once.</summary>
    public const int MostPaths = 10;

    /// <summary>How many records a step may find, so that an answer stays one that can be read.</summary>
    public const int MostRecords = 1000;

    private readonly List<Expansion> next = [];

    /// <summary>The members of the records at the root that the expansion needs or adds.</summary>
    public IEnumerable<string> Members => next.Select(branch => branch.Taken.Name.Split('.')[0]);

    private Step Taken => step!;

    /// <summary>Reads paths: `participants.official,agreements.cooperationGroups`. What isn't a step is a fault.</summary>
    public static Expansion? Read(Resource resource, Dictionary<string, string> values, ICollection<Fault> faults)
    {
        if (!values.TryGetValue("expand", out var text))
            return null;
        if (values.ContainsKey("at"))
            faults.Add(new("not_together", "expand", "at") { Parameter = "expand" });
        var root = new Expansion(null, resource);
        var paths = text.Split(',');
        if (paths.Length > MostPaths)
            faults.Add(new("too_many_values", paths.Length, MostPaths) { Parameter = "expand" });
        foreach (var path in paths.Take(MostPaths))
        {
            if (root.Grow(path) is { } fault)
                faults.Add(fault with { Parameter = "expand" });
        }
        return root;
    }

    /// <summary>Puts what the tree finds into the records. One statement a level, whatever the records and paths.</summary>
    public async Task<IReadOnlyList<byte[]>> Expand(DbConnection connection, IEnumerable<byte[]> bodies)
    {
        var records = bodies.Select(body => JsonNode.Parse(body)!.AsObject()).ToList();
        var level = next.ConvertAll(branch => (Branch: branch, Records: (IReadOnlyList<JsonObject>)records));
        while (level.Count > 0)
        {
            var found = await Load(connection, level, resource.Catalog);
            var deeper = new List<(Expansion, IReadOnlyList<JsonObject>)>();
            foreach (var (i, (branch, owners)) in level.Index())
            {
                var attached = branch.Attach(owners, found[i]);
                deeper.AddRange(branch.next.Select(further => (further, (IReadOnlyList<JsonObject>)attached)));
            }
            level = deeper;
        }
        return records.ConvertAll(record => JsonSerializer.SerializeToUtf8Bytes(record, Wire.Json));
    }

    private Fault? Grow(string path)
    {
        var catalog = resource.Catalog;
        var (at, rest) = (this, path);
        for (var depth = 0; rest.Length > 0; depth++)
        {
            var steps = Step.From(at.Resource);
            if (depth == Deepest)
                return new("too_deep", path, Deepest);
            if (steps.FirstOrDefault(step => rest == step.Name || rest.StartsWith(step.Name + ".", StringComparison.Ordinal)) is not { } taken)
                return Fault.NotAmong("not_allowed", rest, [.. steps.Select(step => step.Name)]);
            var branch = at.next.Find(known => known.Taken == taken);
            if (branch is null)
                at.next.Add(branch = new(taken, catalog[taken.Type]) { ParentType = at.Resource.Type });
            (at, rest) = (branch, rest.Length == taken.Name.Length ? "" : rest[(taken.Name.Length + 1)..]);
        }
        return path.Length == 0 ? new("empty_value") : path[^1] == '.' ? Fault.NotAmong("not_allowed", path, [path.TrimEnd('.')]) : null;
    }

    private Resource Resource => resource;

    private string ParentType { get; init; } = "";

    /// <summary>The records of each branch of a level, by the id that they are found by: their own, or that of the record whose list they are in.</summary>
    private static async Task<List<ILookup<string, byte[]>>> Load(DbConnection connection, List<(Expansion Branch, IReadOnlyList<JsonObject> Records)> level, Catalog catalog)
    {
        var values = new DynamicParameters();
        var queries = level.Select((item, i) =>
        {
            var (taken, child) = (item.Branch.Taken, catalog[item.Branch.Taken.Type]);
            var ids = item.Records.SelectMany(record => taken.Member is null ? [(string)record["id"]!] : IdsIn(record, taken.Member)).Distinct().ToList();
            if (ids.Count > MostRecords)
                throw TooLarge(taken);
            foreach (var (j, id) in ids.Index())
                values.Add($"id{i}_{j}", id);
            var names = ids.Count == 0 ? "NULL" : string.Join(", ", ids.Select((_, j) => $"@id{i}_{j}"));
            var by = taken.NamedIn is null
                ? $"SELECT record.id AS found_by, record.number FROM record WHERE record.type = '{child.Type}' AND record.id IN ({names})"
                : $"""
                  SELECT DISTINCT owner.id AS found_by, link.number FROM record owner CROSS JOIN link
                  WHERE owner.type = '{item.Branch.ParentType}' AND owner.id IN ({names}) AND link.to_number = owner.number
                  AND link.member IN (SELECT member.number FROM member WHERE member.type = '{child.Type}'
                  {(taken.NamedIn.Count == 0 ? "" : $"AND member.name IN ({string.Join(", ", taken.NamedIn.Select(member => $"'{member}'"))})")})
                  """;
            return $"""
                SELECT {i} AS branch, found.found_by, record.id, record.hash, CAST(record.body AS BLOB), {child.Table}.{child.Sorts[0].Column} AS sort_value
                FROM (SELECT * FROM ({by}) LIMIT {MostRecords + 1}) found
                JOIN record ON record.number = found.number JOIN {child.Table} ON {child.Table}.number = found.number
                """;
        });
        var rows = (await connection.QueryAsync<(long Branch, string FoundBy, string Id, string Hash, byte[] Body, string SortValue)>(
            string.Join("\nUNION ALL\n", queries), values)).ToLookup(row => (int)row.Branch);
        return [.. level.Select((item, i) =>
        {
            if (rows[i].Count() > MostRecords)
                throw TooLarge(item.Branch.Taken);
            var sort = catalog[item.Branch.Taken.Type].Sorts[0];
            var sorted = rows[i].OrderBy(row => row.SortValue, StringComparer.Ordinal).ThenBy(row => row.Id, StringComparer.Ordinal);
            return (sort.Descending ? sorted.Reverse() : sorted).ToLookup(row => row.FoundBy, row => BodyHash.Checked(row.Id, row.Body, row.Hash));
        })];
    }

    private static ProblemException TooLarge(Step taken) =>
        ProblemException.Invalid([new("expansion_too_large", taken.Name, MostRecords) { Parameter = "expand" }]);

    /// <summary>Puts the records found beside the members that name them, or under the records whose lists they are. Each place gets an object of its own.</summary>
    private List<JsonObject> Attach(IReadOnlyList<JsonObject> owners, ILookup<string, byte[]> found)
    {
        var attached = new List<JsonObject>();
        foreach (var owner in owners)
        {
            if (Taken.Member is not { } member)
                owner[Taken.Name] = All(found[(string)owner["id"]!]);
            else if (member.EndsWith("[]", StringComparison.Ordinal))
                owner[Taken.Name] = All(IdsIn(owner, member).SelectMany(id => found[id]));
            else if (member.Split("[].") is [var list, var inner])
                Each(owner[list]!.AsArray().OfType<JsonObject>(), inner, Taken.Name.Split('.')[1]);
            else
                Each([owner], member, Taken.Name);
        }
        return attached;

        JsonArray All(IEnumerable<byte[]> bodies) => [.. bodies.Select(One)];

        JsonObject One(byte[] body)
        {
            var record = JsonNode.Parse(body)!.AsObject();
            attached.Add(record);
            return record;
        }

        void Each(IEnumerable<JsonObject> holders, string member, string name)
        {
            foreach (var holder in holders.Where(holder => holder[member] is not null))
                holder[name] = One(found[(string)holder[member]!].Single());
        }
    }

    private static IEnumerable<string> IdsIn(JsonObject record, string member) => member.Split("[].") switch
    {
        [var list, var inner] => (record[list]?.AsArray() ?? []).Select(element => (string?)element![inner]).OfType<string>(),
        [var only] when only.EndsWith("[]", StringComparison.Ordinal) => (record[only[..^2]]?.AsArray() ?? []).Select(id => (string)id!),
        [var only] => record[only] is { } id ? [(string)id!] : [],
        _ => throw new ArgumentException(member, nameof(member)),
    };
}

/// <summary>What to send along.</summary>
internal sealed record ExpandParameter(Resource Resource) : Parameter("expand",
    $"Records to send along, with commas between, each where it is named or under the record whose list it is: {string.Join(", ", Step.From(Resource).Select(step => $"`{step.Name}`"))}. "
    + $"Steps join with points (`meeting.participants.official`), {Expansion.Deepest} at most; {Expansion.MostPaths} paths at most. Citations come as they are.",
    Step.From(Resource)[0].Name)
{
    public override bool IsOwn => true;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Array,
        Items = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[a-z][A-Za-z]*(\\.[a-z][A-Za-z]*)*$", MinLength = 1, MaxLength = 150 },
        MinItems = 1,
        MaxItems = Expansion.MostPaths,
    };

    public override JsonNode ExampleNode => new JsonArray([JsonValue.Create(Example)]);
}
