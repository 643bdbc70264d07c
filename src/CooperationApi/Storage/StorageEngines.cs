using CooperationApi.Storage.PostgreSql;
using CooperationApi.Storage.Sqlite;

namespace CooperationApi.Storage;

/// <summary>The supported database engines.</summary>
internal static class StorageEngines
{
    /// <summary>Creates the engine of the configured store.</summary>
    public static IStorageEngine Create(StorageOptions options, ILogger logger) => options.Engine == StorageOptions.PostgreSql
        ? new PostgreSqlEngine(options, logger)
        : new SqliteEngine(options.Path);
}
