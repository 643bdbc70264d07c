namespace CooperationApi.Storage.Writing;

/// <summary>The receipt of a write: what is to become of one record.</summary>
internal abstract record RecordChange(string Type, string Id);
