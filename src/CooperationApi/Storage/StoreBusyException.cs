using System.Data.Common;

namespace CooperationApi.Storage;

/// <summary>Another writer has not finished in the time that a writer waits.</summary>
internal sealed class StoreBusyException() : DbException("Another write takes too long.")
{
    public override bool IsTransient => true;
}
