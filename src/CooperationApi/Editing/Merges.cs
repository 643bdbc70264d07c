using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Editing;

/// <summary>
/// Two records that are about the same become one: whatever names the one names the other from then on, and the one is no more. `POST
/// /v1/{type}/{id}/merge-into/{other}`, in one transaction, or not at all.
/// </summary>
internal sealed class Merges(Database database, Callers callers, Catalog catalog, FoundingContent content)
{
    // So many references are looked up at once; so many faults are told of.
    private const int ReadAtOnce = 500, MostTold = 100;

    private static readonly IReadOnlyList<Parameter> Parameters = [new DryRunParameter()];

    /// <summary>Maps the routes of all resources.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var merges = v1.ServiceProvider.GetRequiredService<Merges>();
        foreach (var resource in v1.ServiceProvider.GetRequiredService<Catalog>().All)
            v1.MapWrite(HttpMethod.Post, $"{resource.Type}/{{id}}/merge-into/{{other}}", context => merges.Merge(context, resource), () => merges.Describe(resource), isTimed: false);
    }

    private Operation Describe(Resource resource) => new($"merge{Operation.Pascal(resource.Singular)}", resource.Type, $"Merges one {resource.Singular} into another.",
        $"Every record that names the {resource.Singular} `id` names `other` from then on, in one transaction: each gets a revision, and must still keep its rules (409 otherwise). "
        + "What would stand twice in a list then stands there once, and no record comes to name itself. `id` is no more: its address leads to `other` (308), its history stays, and nobody can make it "
        + "again. What it says is not taken over: that is for an edit before. Who is bound to provinces must be allowed to write every record that changes. Sent again it answers the same.")
    {
        Method = HttpMethod.Post,
        Answer = typeof(Merged),
        Example = ("Merged", () => new JsonObject { ["type"] = "officials", ["id"] = "nguyen-van-b", ["into"] = "nguyen-van-a", ["repointed"] = 3, ["revision"] = 504 }),
        Parameters = Parameters,
        PathId = resource.Example,
        OtherId = content.OtherId(resource),
        Refusals = [409, 410, 412],
        Needs = Role.Editor,
        IsConditional = true,
    };

    private async Task Merge(HttpContext context, Resource resource)
    {
        var by = callers.Require(context, Role.Editor);
        Answers.DemandJson(context.Request);
        var faults = new List<Fault>();
        var isDryRun = DryRunParameter.Read(StrictQuery.Read(context.Request, [.. Parameters.Select(parameter => parameter.Name)], faults), faults);
        var (id, other) = (ResourceEndpoints.Id(context), (string)context.Request.RouteValues["other"]!);
        if (faults.Count > 0)
            throw ProblemException.Invalid(faults);
        foreach (var named in (string[])[id, other])
        {
            if (!Slug.IsSlug(named))
                throw new ProblemException(404, "record_not_found", resource.Type, named);
        }
        if (id == other)
            throw new ProblemException(400, "merge_with_itself", resource.Type, id);
        var merge = new MergeOf(by, resource, id, other, Preconditions.ReadIfAny(context.Request));
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(await Carry(merge, keep: !isDryRun, context.RequestAborted), Wire.Json, context.RequestAborted);
    }

    /// <summary>Who merges which record into which, and upon what state of it.</summary>
    private sealed record MergeOf(Caller By, Resource Resource, string Id, string Other, Preconditions? Preconditions);

    private async Task<Merged> Carry(MergeOf merge, bool keep, CancellationToken cancel)
    {
        var (type, id, other) = (merge.Resource.Type, merge.Id, merge.Other);
        var before = default(Gone);
        try
        {
            var written = await database.Write(merge.By.Name, connection => Work(connection, cancel), cancel, keep);
            return new()
            {
                Type = type,
                Id = id,
                Into = other,
                // The transaction of a merge has the records that were changed, and then the one that is no more.
                Repointed = before is null ? written.Replaced : (int)(before.Revision - before.TransactionStart),
                Revision = before?.Revision ?? written.Mark.Revision,
            };
        }
        catch (MisfitException misfits)
        {
            throw Against(merge, misfits.AsProblem(_ => "").Faults, misfits.Count);
        }

        async IAsyncEnumerable<Receipt> Work(DbConnection connection, [EnumeratorCancellation] CancellationToken stop)
        {
            if (await Database.StandingOf(connection, type, id) is not { } standing)
            {
                before = await Gone.Of(connection, type, id) ?? throw Gone.Absence(null, type, id);
                if (before.Into == other)
                    yield break;
                throw before.Problem(type, id);
            }
            if (await Database.StandingOf(connection, type, other) is not { } target)
                throw Gone.Absence(await Gone.Of(connection, type, other), type, other);
            merge.By.Demand(merge.Resource, standing, becomes: null);
            merge.By.Demand(merge.Resource, target, becomes: null);
            merge.Preconditions?.Demand(type, id, standing, (await Database.MarkOf(connection)).Epoch);
            await foreach (var receipt in Repointed(connection, merge, standing, stop))
                yield return receipt;
            yield return merge.Resource.Remove(merge.Resource.Read(standing.Body), "merged") with { Into = other };
        }
    }

    /// <summary>
    /// Each record that names the one, as it is to stand. Read some at a time, however many there are: those that came before name it no longer when the next are read.
    /// </summary>
    private async IAsyncEnumerable<Changed> Repointed(DbConnection connection, MergeOf merge, Standing standing, [EnumeratorCancellation] CancellationToken cancel)
    {
        var faults = new List<Fault>();
        for (var (member, number) = (0L, 0L); ;)
        {
            var some = (await connection.QueryAsync<(long Member, long Number)>(
                """
                SELECT member, number FROM link WHERE to_number = @Number AND (member, number) > (@member, @number)
                ORDER BY member, number LIMIT @ReadAtOnce
                """, new { standing.Number, member, number, ReadAtOnce })).AsList();
            // Itself it needs no longer name: it is going.
            foreach (var naming in some.Select(row => row.Number).Distinct().Where(naming => naming != standing.Number))
            {
                cancel.ThrowIfCancellationRequested();
                if (await Repointed(connection, merge, standing.Number, naming, faults) is { } changed && faults.Count == 0)
                    yield return changed;
            }
            if (some.Count < ReadAtOnce || faults.Count >= MostTold)
                break;
            (member, number) = some[^1];
        }
        if (faults.Count > 0)
            throw Against(merge, faults, faults.Count);
    }

    /// <summary>One record that names the one, as it is to stand; null if it names it no longer, or against the rules then.</summary>
    private async Task<Changed?> Repointed(DbConnection connection, MergeOf merge, long from, long number, List<Fault> faults)
    {
        var (type, id) = await connection.QuerySingleAsync<(string, string)>("SELECT type, id FROM record WHERE number = @number", new { number });
        // All that it names: asked for those alone, the database would go through all that name the one.
        var references = await connection.QueryAsync<(string Member, int Ordinal, long To)>(
            "SELECT member.name, link.ordinal, link.to_number FROM link JOIN member ON member.number = link.member WHERE link.number = @number", new { number });
        var (places, naming) = (references.Where(reference => reference.To == from).Select(reference => new Naming(type, id, reference.Member, reference.Ordinal)).ToList(), catalog[type]);
        if (places.Count == 0)
            return null;
        var standing = (await Database.StandingOf(connection, type, id))!;
        var isItself = type == merge.Resource.Type && id == merge.Other;
        var record = naming.Parse(JsonSerializer.SerializeToElement(Repointing.Of(standing.Body, places, merge.Other, isItself)));
        var broken = naming.Validate(record).Select(failure => Rules.FaultOf(failure) with { Record = $"{type}/{id}" }).ToList();
        faults.AddRange(broken);
        if (broken.Count > 0)
            return null;
        var changed = naming.Change(record);
        merge.By.Demand(naming, standing, changed);
        return changed;
    }

    private static ProblemException Against(MergeOf merge, IReadOnlyList<Fault> faults, long count) =>
        new(409, "merge_breaks_rules", merge.Resource.Type, merge.Id, merge.Other) { Faults = [.. faults.Take(MostTold)], FaultCount = count };
}
