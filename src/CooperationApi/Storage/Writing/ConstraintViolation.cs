namespace CooperationApi.Storage.Writing;

/// <summary>Something in a record that doesn't fit the others: where it stands in the record's JSON (`participants/2/officialId`), and what is wrong.</summary>
internal sealed record ConstraintViolation(string Code, string Type, string Id, string Pointer, params object[] Arguments);
