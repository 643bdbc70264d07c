namespace CooperationApi.Http.Problems;

/// <summary>A request that is answered by a problem: the status, the kind of problem, and its faults.</summary>
internal sealed class ProblemException(int status, string code, params object[] arguments) : Exception(code)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public IReadOnlyList<object> Arguments { get; } = arguments;

    /// <summary>The faults; where there are many, the first of them.</summary>
    public IReadOnlyList<RequestError> Errors { get; init; } = [];

    /// <summary>How many faults there are.</summary>
    public long ErrorCount { get => Math.Max(field, Errors.Count); init; }

    /// <summary>What failed on this side, for the log.</summary>
    public Exception? Cause { get; init; }

    /// <summary>Headers that the answer must have: `Retry-After` of a 429, `WWW-Authenticate` of a 401.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    // A request of thousands of faults is no mistake, and its refusal no flood.
    private const int MaxReported = 100;

    /// <summary>A request that can't be carried out as it stands, with all of its faults. Who has counted them gives the first of them and the count.</summary>
    public static ProblemException InvalidRequest(IReadOnlyList<RequestError> errors, long? count = null) =>
        new(400, "invalid_request", count ?? errors.Count) { Errors = count is null ? [.. errors.Take(MaxReported)] : errors, ErrorCount = count ?? errors.Count };

    /// <summary>Nothing is at this address.</summary>
    public static ProblemException NotFound(string path) => new(404, "not_found", path);
}
