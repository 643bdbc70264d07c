namespace CooperationApi.Storage.Writing;

/// <summary>A record that is no longer to be, why (`deleted`, `merged`, `redacted`), and the narrow tables that have rows of it.</summary>
internal sealed record RecordRemoval(string Type, string Id, string Reason, IReadOnlyList<string> Tables) : RecordChange(Type, Id)
{
    /// <summary>Of a record that was merged, the id of the one that it goes into.</summary>
    public string? MergedInto { get; init; }

    /// <summary>Of one that is redacted, why, in words.</summary>
    public string? RedactionReason { get; init; }

    /// <summary>Of one that is redacted, every word that search may know it by.</summary>
    public IReadOnlyCollection<string> SearchWordsToPurge { get; init; } = [];

    /// <summary>Whether all that the record ever said is to go too, even if the record itself has been taken out before.</summary>
    public bool IsRedaction => Reason == "redacted";
}
