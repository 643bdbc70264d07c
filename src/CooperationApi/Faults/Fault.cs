using CooperationApi.Contracts;

namespace CooperationApi.Faults;

/// <summary>One thing that is wrong with what somebody sent: where, what, and what would be right.</summary>
internal sealed record Fault(string Code, params object[] Values)
{
    /// <summary>The query parameter at fault.</summary>
    public string? Parameter { get; init; }

    /// <summary>The member of the body at fault, as a JSON Pointer.</summary>
    public string? Pointer { get; init; }

    /// <summary>The record at fault, where it may be another than the one asked for: `meetings/vi-du`.</summary>
    public string? Record { get; init; }

    /// <summary>The values or names that are allowed.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>The nearest of them.</summary>
    public string? Suggestion { get; init; }

    /// <summary>A value or name that isn't one of those allowed.</summary>
    public static Fault NotAmong(string code, string value, IReadOnlyList<string> allowed) =>
        new(code, value) { Allowed = allowed, Suggestion = Nearest.To(value, allowed) };

    /// <summary>The fault as it is sent.</summary>
    public ProblemError In(Language language) => new()
    {
        Parameter = Parameter,
        Pointer = Pointer,
        Record = Record,
        Code = Code,
        Detail = Wording.Detail(language, Code, Values),
        Allowed = Allowed,
        Suggestion = Suggestion,
    };
}

/// <summary>A request that is answered by a problem: the status, the kind of problem, and its faults.</summary>
internal sealed class ProblemException(int status, string code, params object[] values) : Exception(code)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public IReadOnlyList<object> Values { get; } = values;

    /// <summary>The faults; where there are many, the first of them.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>How many faults there are.</summary>
    public long FaultCount { get => Math.Max(field, Faults.Count); init; }

    /// <summary>What failed on this side, for the log.</summary>
    public Exception? Cause { get; init; }

    /// <summary>Headers that the answer must have: `Retry-After` of a 429, `WWW-Authenticate` of a 401.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    // A request of thousands of faults is no mistake, and its refusal no flood.
    private const int MostTold = 100;

    /// <summary>A request that can't be carried out as it stands, with all of its faults. Who has counted them gives the first of them and the count.</summary>
    public static ProblemException Invalid(IReadOnlyList<Fault> faults, long? count = null) =>
        new(400, "invalid_request", count ?? faults.Count) { Faults = count is null ? [.. faults.Take(MostTold)] : faults, FaultCount = count ?? faults.Count };

    /// <summary>Nothing is at this address.</summary>
    public static ProblemException NotFound(string path) => new(404, "not_found", path);
}
