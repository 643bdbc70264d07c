namespace CooperationApi.Storage.Writing;

/// <summary>
/// The removal of a record, with the reason (`deleted`, `merged`, `redacted`) and the tables with derived rows of the record.
/// </summary>
internal sealed record RecordRemoval(string Type, string Id, string Reason, IReadOnlyList<string> Tables) : RecordChange(Type, Id)
{
    /// <summary>The id of the merge target; null unless the record is merged.</summary>
    public string? MergedInto { get; init; }

    /// <summary>The editor's reason for a redaction; null unless the record is redacted.</summary>
    public string? RedactionReason { get; init; }

    /// <summary>All indexed words of a redacted record, to purge them from the search index.</summary>
    public IReadOnlyCollection<string> SearchWordsToPurge { get; init; } = [];

    /// <summary>True if the earlier bodies of the record are deleted too. Applies also to a record that is already deleted.</summary>
    public bool IsRedaction => Reason == "redacted";
}
