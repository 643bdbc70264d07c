using System.Data.Common;
using CooperationApi.Formats;
using CooperationApi.Formats.Readable;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Queries;

/// <summary>Reads the names and text directives that readable rows show besides their own members.</summary>
internal static class ReadableLookup
{
    /// <summary>Creates the formatter for the rows of a list, with the names of all records to which they refer.</summary>
    public static async Task<ReadableFormatter> CreateFormatter(DbConnection connection, Resource resource, ListPlan plan,
        Language language)
    {
        var references = plan.WithCondition($"reference.row_id = {resource.Table}.row_id");
        var labels = await ReadLabels(connection, resource.Catalog,
            $"SELECT reference.target_row_id FROM {plan.FromSql} CROSS JOIN reference {references.WhereSql}", plan.Parameters, language);
        var directives = new Dictionary<(string Id, int Ordinal), string>();
        await foreach (var (id, ordinal, directive) in connection.StreamAsync<(string, long, string)>(
            $"""
            SELECT {resource.Table}.id, text_directive.ordinal, text_directive.directive FROM {plan.FromSql} CROSS JOIN text_directive
            {plan.WithCondition($"text_directive.row_id = {resource.Table}.row_id").WhereSql}
            """, plan.Parameters))
            directives[(id, (int)ordinal)] = directive;
        return new(language, labels, directives);
    }

    /// <summary>Creates a formatter with the names of all records of a type.</summary>
    public static async Task<ReadableFormatter> CreateFormatter(DbConnection connection, Resource resource, Language language) =>
        new(language,
            await ReadLabels(connection, resource.Catalog, "SELECT record.row_id FROM record WHERE record.type = @Type",
                new { resource.Type }, language),
            ReadableFormatter.NoDirectives);

    private static async Task<Dictionary<(string Type, string Id), LinkedText>> ReadLabels(DbConnection connection,
        ResourceCatalog catalog, string rowIdsSql, object parameters, Language language)
    {
        var format = new ReadableFormatter(language);
        var labels = new Dictionary<(string Type, string Id), LinkedText>();
        await foreach (var (type, id, hash, body) in connection.StreamAsync<(string, string, string, byte[])>(
            $"""
            SELECT target.type, target.id, target.hash, CAST(target.body AS BLOB) FROM record target
            WHERE target.row_id IN ({rowIdsSql})
            """, parameters))
            labels[(type, id)] = catalog[type].GetLabel(catalog[type].Deserialize(RecordHash.Verify(id, body, hash)), format);
        return labels;
    }
}
