using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CooperationApi.Storage;

/// <summary>
/// Measures one transaction of the store, as a metric and as a span, with the names of the OpenTelemetry conventions for database clients.
/// Neither has SQL, parameters or ids of records. A write waits for the write lock like for a pool of one connection.
/// </summary>
internal sealed class StoreOperation : IDisposable
{
    /// <summary>The name of the meter and of the source of spans.</summary>
    public const string TelemetryName = "CooperationApi.Storage";

    /// <summary>The name of a read transaction.</summary>
    public const string Read = "read";

    /// <summary>The name of a write transaction.</summary>
    public const string Write = "write";

    private const string SystemNameTag = "db.system.name", OperationNameTag = "db.operation.name", ErrorTypeTag = "error.type",
        PoolNameTag = "db.client.connection.pool.name";

    // The convention starts at 1 ms. Most reads of SQLite are shorter.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
    };

    private static readonly ActivitySource Source = new(TelemetryName);
    private static readonly Meter Meter = new(TelemetryName);

    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram("db.client.operation.duration", "s", "Duration of database client operations.", tags: null, Seconds);

    private static readonly Histogram<double> WaitTime = Meter.CreateHistogram("db.client.connection.wait_time", "s",
        "The time until a transaction had its connection and, if it writes, the write lock.", tags: null, Seconds);

    private static readonly UpDownCounter<long> PendingRequests = Meter.CreateUpDownCounter<long>("db.client.connection.pending_requests",
        "{request}", "The number of transactions that wait for their connection or for the write lock.");

    private readonly string systemName, name;
    private readonly long startTimestamp = Stopwatch.GetTimestamp();
    private readonly Activity? span;
    private bool isWaiting = true;
    private string? errorType;

    private StoreOperation(string systemName, string name)
    {
        (this.systemName, this.name) = (systemName, name);
        span = Source.StartActivity(name, ActivityKind.Client);
        span?.SetTag(SystemNameTag, systemName).SetTag(OperationNameTag, name);
        PendingRequests.Add(1, PoolTags);
    }

    private TagList PoolTags => new() { { SystemNameTag, systemName }, { PoolNameTag, name } };

    /// <summary>Runs a transaction, which calls <see cref="EndWait"/> after it has begun, and measures it.</summary>
    public static async Task<T> Run<T>(string systemName, string name, Func<StoreOperation, Task<T>> transaction)
    {
        using var operation = new StoreOperation(systemName, name);
        try
        {
            return await transaction(operation);
        }
        catch (DbException exception)
        {
            operation.errorType = exception.GetType().FullName;
            throw;
        }
    }

    /// <summary>Ends the measurement of the wait.</summary>
    public void EndWait()
    {
        isWaiting = false;
        PendingRequests.Add(-1, PoolTags);
        WaitTime.Record(Stopwatch.GetElapsedTime(startTimestamp).TotalSeconds, PoolTags);
    }

    public void Dispose()
    {
        if (isWaiting)
            EndWait();
        var tags = new TagList { { SystemNameTag, systemName }, { OperationNameTag, name } };
        if (errorType is not null)
        {
            tags.Add(ErrorTypeTag, errorType);
            span?.SetTag(ErrorTypeTag, errorType).SetStatus(ActivityStatusCode.Error);
        }
        Duration.Record(Stopwatch.GetElapsedTime(startTimestamp).TotalSeconds, tags);
        span?.Dispose();
    }
}
