using CooperationApi.Contracts;

namespace CooperationApi.Client;

/// <summary>The service refused a request, and said why.</summary>
public sealed class CooperationProblemException : Exception
{
    /// <param name="problem">What it said.</param>
    /// <param name="retryAfter">After which time it may be tried again, if it said so.</param>
    public CooperationProblemException(Problem problem, TimeSpan? retryAfter = null) : base(FormatMessage(problem)) => (Problem, RetryAfter) = (problem, retryAfter);

    /// <summary>What the service said, all faults of the request included.</summary>
    public Problem Problem { get; }

    /// <summary>The HTTP status.</summary>
    public int Status => Problem.Status;

    /// <summary>The kind of problem: `epoch_changed`. Stable, the same in every language.</summary>
    public string Code => Problem.Code;

    /// <summary>After which time it may be tried again; null where the service didn't say.</summary>
    public TimeSpan? RetryAfter { get; }

    private static string FormatLocation(ProblemError error) => string.Join(' ', ((string?[])[error.Parameter, error.Record, error.Pointer]).Where(segment => !string.IsNullOrEmpty(segment)));

    private static string FormatMessage(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return string.Join('\n', [$"{problem.Status} {problem.Code}: {problem.Detail}", .. (problem.Errors ?? []).Select(error => $"{FormatLocation(error)}: {error.Detail}")]);
    }
}
