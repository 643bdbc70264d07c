namespace CooperationApi.Storage.Writing;

/// <summary>A requested change of one record, before the write transaction applies it.</summary>
internal abstract record RecordChange(string Type, string Id);
