using System.Data.Common;
using CooperationApi.Contracts;
using Dapper;

namespace CooperationApi.Resources;

/// <summary>
/// How the rows of a list are found: where they come from, the conditions on them, and the values that both name. Rows that fit are either few, and are
/// then looked for and put in order, or many, and are then soon met when all rows are gone through in order; in between, their numbers are known first. A
/// database can't tell which without having counted, so they are counted, as far as that goes.
/// </summary>
internal sealed record ListPlan(string From, IReadOnlyList<string> Conditions, DynamicParameters Values)
{
    /// <summary>The most that are looked for: about as many as a page's rows take steps through a million.</summary>
    private const int Few = 4000;

    /// <summary>The most whose numbers are put in a set, against which rows are held as they are gone through.</summary>
    private const int Some = 25_000;

    /// <summary>The conditions as a WHERE clause; none where there are no conditions.</summary>
    public string Where => Conditions.Count == 0 ? "" : "WHERE " + string.Join("\nAND ", Conditions);

    /// <summary>The plan with one more condition.</summary>
    public ListPlan And(string condition) => this with { Conditions = [.. Conditions, condition] };

    /// <summary>The plan for all rows: the database looks for them as it likes.</summary>
    public static ListPlan ForAll(Resource resource, ListQuery query)
    {
        var values = new DynamicParameters(query.Conditions.SelectMany(condition => condition.Values));
        if (query.At is not { } at)
            return new(resource.Table, [.. query.Conditions.Select(condition => condition.Predicate.Sql)], values);
        values.AddDynamicParams(new { at_from = at.ToIso(), at_to = at.ToIso() });
        return new($"({resource.TableAt}) {resource.Table}", [.. query.Conditions.Select(condition => (condition.At ?? condition.Predicate).Sql)], values);
    }

    /// <summary>The plan for a page.</summary>
    public static async Task<ListPlan> ForPage(DbConnection connection, Resource resource, ListQuery query)
    {
        var all = ForAll(resource, query);
        if (query.At is not null || query.Conditions.Count == 0)
            return all;
        var own = query.Conditions.Where(condition => condition.Predicate.From is null).ToList();
        var rest = query.Conditions.Except(own).ToList();
        // What is asked of the table's own columns narrows it down together: the two ends of a range, say.
        var ways = rest.Select(condition => (Numbers: condition.Predicate.Numbers, Of: (IReadOnlyList<Condition>)[condition]));
        if (own.Count > 0)
            ways = ways.Append(($"SELECT {resource.Table}.number FROM {resource.Table} WHERE {string.Join(" AND ", own.Select(condition => condition.Predicate.Sql))}", own));
        var (fewest, best) = (Some, default((string Numbers, IReadOnlyList<Condition> Of)?));
        foreach (var way in ways)
        {
            var count = await connection.QuerySingleAsync<int>($"SELECT count(*) FROM ({way.Numbers} LIMIT {fewest}) counted", all.Values);
            if (count < fewest)
                (fewest, best) = (count, way);
        }
        if (best is { } found && fewest < Few)
        {
            // The limit, which they don't reach, keeps them apart from the rest: CROSS then begins with them.
            return all with
            {
                From = $"(SELECT DISTINCT counted.number FROM ({found.Numbers} LIMIT {Few}) counted) few CROSS JOIN {resource.Table}",
                Conditions = [$"{resource.Table}.number = few.number", .. query.Conditions.Except(found.Of).Select(condition => condition.Predicate.Check)],
            };
        }
        // What other tables say of a row takes a look for each; the numbers of some rows are sooner known all at once.
        var set = best is { } some && some.Of.Any(condition => condition.Predicate.From is not null) ? some.Of : [];
        return all with
        {
            Conditions =
            [
                .. query.Conditions.Select(condition => condition.Predicate.Bound).Where(bound => bound?.Column == query.Sort.Column)
                    // The row that a page begins behind is further on than the end that the order begins with. With both, a database goes by either.
                    .Where(bound => query.After is null || bound!.Value.IsUpper != query.Sort.Descending)
                    .Select(bound => bound!.Value.Where),
                .. query.Conditions.Except(set).Select(condition => condition.Predicate.Check),
                // The plus keeps a database from looking for rows by them, which would then have to be put in order.
                .. set.Count == 0 ? [] : new[] { $"+{resource.Table}.number IN ({best!.Value.Numbers})" },
            ],
        };
    }
}
