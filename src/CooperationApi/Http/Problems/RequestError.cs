using CooperationApi.Contracts;

namespace CooperationApi.Http.Problems;

/// <summary>One thing that is wrong with what somebody sent: where, what, and what would be right.</summary>
internal sealed record RequestError(string Code, params object[] Arguments)
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
    public static RequestError NotOneOf(string code, string value, IReadOnlyList<string> allowed) =>
        new(code, value) { Allowed = allowed, Suggestion = ClosestMatch.Find(value, allowed) };

    /// <summary>The fault as it is sent.</summary>
    public ProblemError ToProblemError(Language language) => new()
    {
        Parameter = Parameter,
        Pointer = Pointer,
        Record = Record,
        Code = Code,
        Detail = ProblemMessages.GetErrorDetail(language, Code, Arguments),
        Allowed = Allowed,
        Suggestion = Suggestion,
    };
}
