using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Queries;

/// <summary>The records to which other records refer, by type and id, and the text directives of citations.</summary>
internal sealed class ReferencedRecords
{
    // One SQL parameter per id; SQLite compares the name of a parameter with all earlier ones.
    private const int BatchSize = 500;

    private readonly Dictionary<(string Type, string Id), Record> records;
    private readonly Dictionary<(string Type, string Id, int Ordinal), string> directives = [];

    private ReferencedRecords(IReadOnlyDictionary<(string Type, string Id), Record> known) => records = new(known);

    /// <summary>
    /// Reads the records with these types and ids, unless they are known, and the text directives of the known records that cite sources.
    /// Of several types (`provinces|organizations`), each that has the id is read. An id without a record has no entry.
    /// </summary>
    public static async Task<ReferencedRecords> Read(DbConnection connection, ResourceCatalog catalog,
        IEnumerable<(string Type, string Id)> references, IReadOnlyDictionary<(string Type, string Id), Record> known,
        CancellationToken cancel)
    {
        var result = new ReferencedRecords(known);
        var typedReferences = references.SelectMany(reference => reference.Type.Split('|').Select(type => (Type: type, reference.Id)))
            .Where(reference => !known.ContainsKey(reference));
        foreach (var (type, parameters, placeholders) in Batch(typedReferences))
        {
            await foreach (var row in connection.StreamAsync<RecordRow>(
                $"SELECT {RecordRow.Columns} FROM record WHERE record.type = '{type}' AND record.id IN ({placeholders})", parameters)
                .WithCancellation(cancel))
                result.records[(type, row.Id)] = catalog[type].Deserialize(row.Verify().Body);
        }
        foreach (var (type, parameters, placeholders) in Batch(known.Where(item => item.Value is CitedRecord).Select(item => item.Key)))
        {
            await foreach (var (id, ordinal, directive) in connection.StreamAsync<(string, long, string)>(
                $"""
                SELECT record.id, text_directive.ordinal, text_directive.directive
                FROM record JOIN text_directive ON text_directive.row_id = record.row_id
                WHERE record.type = '{type}' AND record.id IN ({placeholders})
                """, parameters).WithCancellation(cancel))
                result.directives[(type, id, (int)ordinal)] = directive;
        }
        return result;
    }

    /// <summary>All records, with their types.</summary>
    public IEnumerable<(string Type, Record Record)> All => records.Select(item => (item.Key.Type, item.Value));

    /// <summary>Finds a record; of several types (`provinces|organizations`), the first that has the id.</summary>
    public (string Type, Record Record)? Find(string types, string id) => types.Split('|')
        .Select(type => (type, Record: records.GetValueOrDefault((type, id)))).Where(item => item.Record is not null)
        .Select(item => ((string, Record)?)(item.type, item.Record!)).FirstOrDefault();

    /// <summary>Finds the stored text directive of a citation; null if the quote alone gives the same.</summary>
    public string? FindDirective(string type, string id, int ordinal) => directives.GetValueOrDefault((type, id, ordinal));

    private static IEnumerable<(string Type, DynamicParameters Parameters, string Placeholders)> Batch(
        IEnumerable<(string Type, string Id)> items)
    {
        foreach (var group in items.Distinct().GroupBy(item => item.Type, item => item.Id))
        {
            foreach (var ids in group.Chunk(BatchSize))
            {
                var parameters = new DynamicParameters();
                yield return (group.Key, parameters, string.Join(", ", parameters.AddEach("id", ids)));
            }
        }
    }
}
