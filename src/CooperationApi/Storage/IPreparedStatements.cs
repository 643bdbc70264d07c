namespace CooperationApi.Storage;

/// <summary>
/// The prepared statements of one write transaction. The database compiles each SQL text once. Values are bound by position, in the order
/// in which the parameters first occur.
/// </summary>
internal interface IPreparedStatements : IDisposable
{
    /// <summary>
    /// Executes a statement that returns no rows, at the latest before the next query of the connection. An error is thrown then.
    /// </summary>
    void Execute(string sql, params ReadOnlySpan<SqlValue> values);

    /// <summary>Inserts a row, at the latest before the next query of the connection. The columns are separated by commas.</summary>
    void Insert(string table, string columns, params ReadOnlySpan<SqlValue> values);

    /// <summary>
    /// Inserts a row with one column, unless an equal one exists. It can be inserted before the rows of earlier calls of
    /// <see cref="Insert"/>.
    /// </summary>
    void InsertIfAbsent(string table, string column, SqlValue value);

    /// <summary>Returns the columns of the first row; null without rows.</summary>
    SqlValue[]? QueryFirst(string sql, params ReadOnlySpan<SqlValue> values);

    /// <summary>
    /// Prepares for many inserts, until <see cref="CompleteBulkLoad"/>, if they then take less time. <paramref name="createdCount"/> is the
    /// number of records that the transaction created so far, <paramref name="maxRowId"/> the highest row id before the next record.
    /// Returns false if the bulk load did not start, or started before.
    /// </summary>
    bool StartBulkLoad(int createdCount, long maxRowId);

    /// <summary>Completes the work that the bulk load deferred.</summary>
    void CompleteBulkLoad();
}
