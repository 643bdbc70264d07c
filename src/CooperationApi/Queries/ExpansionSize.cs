using CooperationApi.Http.Problems;

namespace CooperationApi.Queries;

/// <summary>
/// The number and the bytes of the related records that an expansion includes. A record that is included twice counts twice: along paths
/// such as `provinces.meetings.provinces`, few records give a response of any size.
/// </summary>
internal sealed class ExpansionSize
{
    /// <summary>The maximum number of related records in a response.</summary>
    public const int MaxRecords = 1000;

    /// <summary>
    /// The maximum size of the related records in a response, in MiB of JSON. Their objects take about six times as much memory.
    /// </summary>
    public const int MaxMebibytes = 4;

    private long records, bytes;

    /// <summary>Adds a record that is included a number of times. Throws 400 above a maximum.</summary>
    public void Add(string path, int occurrences, long bytesOfRecord)
    {
        records += occurrences;
        bytes += occurrences * bytesOfRecord;
        if (records > MaxRecords || bytes > MaxMebibytes << 20)
            throw CreateProblem(path);
    }

    /// <summary>Throws 400 if there is no room for this many more records.</summary>
    public void EnsureRoom(string path, long moreRecords)
    {
        if (records + moreRecords > MaxRecords)
            throw CreateProblem(path);
    }

    private static ProblemException CreateProblem(string path) =>
        ProblemException.InvalidRequest([new("expansion_too_large", path, MaxRecords, MaxMebibytes) { Parameter = "expand" }]);
}
