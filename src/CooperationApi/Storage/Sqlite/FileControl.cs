using System.Runtime.InteropServices;
using SQLitePCL;

namespace CooperationApi.Storage.Sqlite;

/// <summary>The function `sqlite3_file_control`, which SQLitePCLRaw does not expose.</summary>
internal static class FileControl
{
    // SQLITE_FCNTL_HAS_MOVED in sqlite3.h.
    private const int HasMovedOperation = 20;

    /// <summary>
    /// True if the path of an open database no longer names the same inode. SQLite compares them with one `stat` call; on Windows, where an
    /// open database cannot be deleted, the result is false.
    /// </summary>
    public static bool HasMoved(sqlite3 connectionHandle)
    {
        var hasMoved = 0;
        // The operation is unknown to the VFS of Windows, which then leaves the value.
        _ = FileControlInt32(connectionHandle, "main", HasMovedOperation, ref hasMoved);
        return hasMoved != 0;
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern int FileControlInt32(sqlite3 connectionHandle, [MarshalAs(UnmanagedType.LPUTF8Str)] string database,
        int operation, ref int value);
}
