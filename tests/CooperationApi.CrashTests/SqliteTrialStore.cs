using System.Data.Common;
using CooperationApi.Bench.Processes;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.CrashTests;

/// <summary>A SQLite file with one instance of the service.</summary>
internal sealed class SqliteTrialStore(PublishedService service, string path) : TrialStore(service, [path])
{
    public override DbConnection OpenSnapshot()
    {
        var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=false");
        connection.Open();
        var integrity = connection.QuerySingle<string>("PRAGMA integrity_check(1)");
        AcknowledgedWrites.Ensure(integrity == "ok", $"The database is damaged: {integrity}");
        connection.Execute("BEGIN DEFERRED");
        return connection;
    }
}
