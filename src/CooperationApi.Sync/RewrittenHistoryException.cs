namespace CooperationApi.Sync;

/// <summary>The exception for a service that contradicts intact records of the copy. The records are not overwritten.</summary>
internal sealed class RewrittenHistoryException(string message) : Exception(message);
