namespace CooperationApi.Storage;

/// <summary>The hints for the query planner: equal conditions in the form that the engine plans well.</summary>
internal interface IListHints
{
    /// <summary>Returns a condition as a test of rows that are already read; no index is used for it.</summary>
    string TestRow(string condition);

    /// <summary>Returns the test if the row ids of a scan are in the result of a query, without a lookup by these row ids.</summary>
    string TestRowId(string column, string rowIdsSql);
}
