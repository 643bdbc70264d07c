using System.Data.Common;

namespace CooperationApi.Storage;

/// <summary>The write lock was not available before the timeout.</summary>
internal sealed class StoreBusyException() : DbException("Timed out waiting for another write. Try again later.")
{
    public override bool IsTransient => true;

    /// <summary>The SQLSTATE of PostgreSQL for a lock that is not available.</summary>
    public override string SqlState => "55P03";
}
