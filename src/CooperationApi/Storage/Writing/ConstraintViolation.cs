namespace CooperationApi.Storage.Writing;

/// <summary>A failed check across records. The pointer is the path in the record's JSON (`participants/2/officialId`).</summary>
internal sealed record ConstraintViolation(string Code, string Type, string Id, string Pointer, params object[] Arguments)
{
    /// <summary>The ids next to the id of a record that does not exist.</summary>
    public IReadOnlyList<string> SimilarIds { get; init; } = [];
}
