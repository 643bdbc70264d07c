namespace CooperationApi.Storage.Writing;

/// <summary>The outcome of the creation or replacement of one record.</summary>
internal enum UpsertOutcome
{
    /// <summary>The record did not exist.</summary>
    Created,

    /// <summary>The stored record had other content.</summary>
    Replaced,

    /// <summary>The stored record has equal content.</summary>
    Unchanged,

    /// <summary>The stored record has other content and must not be replaced.</summary>
    Conflict,

    /// <summary>The record violates a constraint, which the end of the transaction reports.</summary>
    Violation,
}
