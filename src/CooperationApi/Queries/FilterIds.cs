using System.Data.Common;
using CooperationApi.Resources.Filters;
using Dapper;

namespace CooperationApi.Queries;

/// <summary>
/// Reads the ids for which the condition of a filter has queries. With the ids, the database knows how many rows refer to them: counting
/// 2,100 commitments of a province took PostgreSQL 0.9 ms instead of 9.5 ms.
/// </summary>
internal static class FilterIds
{
    // The ids become parameters. SQLite has at most 32,766 of them, PostgreSQL 65,535.
    private const int MaxIds = 1000;

    /// <summary>Returns the filter with ids instead of queries. A query for more than 1,000 ids stays.</summary>
    public static async Task<AppliedFilter> Resolve(DbConnection connection, AppliedFilter filter)
    {
        var queries = filter.SqlCondition.IdQueries.ToList();
        if (queries.Count == 0)
            return filter;
        var rows = (await connection.QueryAsync<(long Query, long Id)>(
            string.Join("\nUNION ALL ", queries.Select((query, i) =>
                $"SELECT {i} AS query, ids.* FROM ({query.Value} LIMIT {MaxIds + 1}) ids")),
            new DynamicParameters(filter.Values))).ToLookup(row => row.Query, row => row.Id);
        var (condition, values) = (filter.SqlCondition, new Dictionary<string, object>(filter.Values));
        foreach (var (i, query) in queries.Index().Where(item => rows[item.Index].Count() <= MaxIds))
        {
            var names = new List<string>();
            foreach (var id in rows[i])
            {
                names.Add($"{filter.Values.Keys.First()}_{i}_{names.Count}");
                values[names[^1]] = id;
            }
            // An empty list is not valid SQL on every engine; NULL equals no id.
            condition = condition.WithIds(query.Key, names.Count == 0 ? "NULL" : string.Join(", ", names.Select(name => "@" + name)));
        }
        return filter with { SqlCondition = condition, Values = values };
    }
}
