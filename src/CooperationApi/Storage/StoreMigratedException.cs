using System.Data.Common;

namespace CooperationApi.Storage;

/// <summary>A newer version of the program migrated the store to a schema that this version cannot use.</summary>
internal sealed class StoreMigratedException() : DbException("The store was migrated by a newer version of this program.");
