using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Storage.Sqlite;

/// <summary>A SQLite database apart from the store: a file for others, or a temporary database.</summary>
internal static class SqliteFile
{
    /// <summary>
    /// Opens a file for one writer, and creates it if it is missing. There is no journal and no fsync: an incomplete file is discarded.
    /// </summary>
    public static Task<DbConnection> OpenForWriting(string path, CancellationToken cancel) =>
        Open(path, SqliteOpenMode.ReadWriteCreate,
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE", cancel);

    /// <summary>Opens a file for reading.</summary>
    public static Task<DbConnection> OpenForReading(string path, CancellationToken cancel) =>
        Open(path, SqliteOpenMode.ReadOnly, pragmas: "", cancel);

    /// <summary>Creates a temporary database, which SQLite deletes when the connection closes.</summary>
    public static Task<DbConnection> OpenTemporary(CancellationToken cancel) =>
        Open(path: "", SqliteOpenMode.ReadWriteCreate, "PRAGMA synchronous = OFF", cancel);

    private static async Task<DbConnection> Open(string path, SqliteOpenMode mode, string pragmas, CancellationToken cancel)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        await connection.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = pragmas;
        await command.ExecuteNonQueryAsync(cancel);
        return connection;
    }
}
