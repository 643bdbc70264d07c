using CooperationApi.Contracts;
using CooperationApi.Storage.Writing;

namespace CooperationApi.Features.Import;

/// <summary>The records of an import by their outcome.</summary>
internal sealed class ImportOutcomes
{
    private readonly RecordNames created = new(), replaced = new(), extended = new(), unchanged = new(), kept = new();

    /// <summary>Adds a record. A violation has no outcome: it rejects the import.</summary>
    public void Add(string type, string id, UpsertOutcome outcome, bool isAddition)
    {
        var names = outcome switch
        {
            UpsertOutcome.Created => created,
            UpsertOutcome.Replaced => isAddition ? extended : replaced,
            UpsertOutcome.Unchanged => unchanged,
            UpsertOutcome.Conflict => kept,
            _ => null,
        };
        names?.Add(type, id);
    }

    /// <summary>Creates the report.</summary>
    public ImportReport ToReport(long revision, bool isDryRun) => new()
    {
        Created = created.Count,
        Replaced = replaced.Count,
        Extended = extended.Count,
        Unchanged = unchanged.Count,
        Kept = kept.Count,
        CreatedRecords = created.First,
        ReplacedRecords = replaced.First,
        ExtendedRecords = extended.First,
        UnchangedRecords = unchanged.First,
        KeptRecords = kept.First,
        Revision = revision,
        DryRun = isDryRun,
    };
}
