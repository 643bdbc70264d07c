using CooperationApi.Contracts;

namespace CooperationApi.Client;

/// <summary>The exception for an error response of the service.</summary>
public sealed class CooperationProblemException : Exception
{
    /// <param name="problem">The problem document of the response.</param>
    /// <param name="retryAfter">The delay of the `Retry-After` header, if present.</param>
    public CooperationProblemException(Problem problem, TimeSpan? retryAfter = null) : base(FormatMessage(problem)) =>
        (Problem, RetryAfter) = (problem, retryAfter);

    /// <summary>The problem document, with all errors of the request.</summary>
    public Problem Problem { get; }

    /// <summary>The HTTP status code.</summary>
    public int Status => Problem.Status;

    /// <summary>The problem code, such as `epoch_changed`. The code is stable and independent of the language.</summary>
    public string Code => Problem.Code;

    /// <summary>The delay of the `Retry-After` header; null if the header is absent.</summary>
    public TimeSpan? RetryAfter { get; }

    private static string FormatLocation(ProblemError error) =>
        string.Join(' ', ((string?[])[error.Parameter, error.Record, error.Pointer]).Where(segment => !string.IsNullOrEmpty(segment)));

    private static string FormatMessage(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return string.Join('\n',
            [$"{problem.Status} {problem.Code}: {problem.Detail}",
                .. (problem.Errors ?? []).Select(error => $"{FormatLocation(error)}: {error.Detail}")]);
    }
}
