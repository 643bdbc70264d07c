using System.Data.Common;

namespace CooperationApi.Storage;

/// <summary>
/// The store file was deleted, moved, replaced or truncated while it was open. Nothing is read or acknowledged until it is back.
/// </summary>
internal sealed class StoreFileLostException(string message) : DbException(message);
