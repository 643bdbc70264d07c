namespace CooperationApi.Http.Problems;

/// <summary>An error response to a request: the status, the problem code and the request errors.</summary>
internal sealed class ProblemException(int status, string code, params object[] arguments) : Exception(code)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public IReadOnlyList<object> Arguments { get; } = arguments;

    /// <summary>The request errors; if there are many, the first of them.</summary>
    public IReadOnlyList<RequestError> Errors { get; init; } = [];

    /// <summary>The total number of request errors.</summary>
    public long ErrorCount { get => Math.Max(field, Errors.Count); init; }

    /// <summary>The id that was probably meant, if the requested record does not exist.</summary>
    public string? Suggestion { get; init; }

    /// <summary>The internal exception, for the log.</summary>
    public Exception? Cause { get; init; }

    /// <summary>Headers of the response, such as `Retry-After` of a 429 or `WWW-Authenticate` of a 401.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    // Bounds the size of the response to a request with thousands of errors.
    private const int MaxReported = 100;

    /// <summary>Creates a 400 problem with the request errors. A caller that counts them passes the first errors and the count.</summary>
    public static ProblemException InvalidRequest(IReadOnlyList<RequestError> errors, long? count = null)
    {
        var reported = count is null ? [.. errors.Take(MaxReported)] : errors;
        return new(400, "invalid_request", count ?? errors.Count, reported.Count)
        {
            Errors = reported,
            ErrorCount = count ?? errors.Count,
        };
    }

    /// <summary>Creates a 404 problem for an unknown path, with the id that was probably meant.</summary>
    public static ProblemException NotFound(string path, string? suggestion = null) =>
        new(404, "not_found", path) { Suggestion = suggestion };
}
