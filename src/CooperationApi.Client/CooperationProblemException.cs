using CooperationApi.Contracts;

namespace CooperationApi.Client;

/// <summary>The exception for an error response of the service.</summary>
/// <param name="problem">The problem document of the response.</param>
/// <param name="retryAfter">The delay of the `Retry-After` header, if present.</param>
public sealed class CooperationProblemException(Problem problem, TimeSpan? retryAfter = null) : Exception(FormatMessage(problem))
{
    /// <summary>The problem document, with all errors of the request.</summary>
    public Problem Problem => problem;

    /// <summary>The HTTP status code.</summary>
    public int Status => problem.Status;

    /// <summary>The problem code, such as `epoch_changed`. The code is stable and independent of the language.</summary>
    public string Code => problem.Code;

    /// <summary>The delay of the `Retry-After` header; null if the header is absent.</summary>
    public TimeSpan? RetryAfter => retryAfter;

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
