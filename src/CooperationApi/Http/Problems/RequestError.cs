using CooperationApi.Contracts;
using CooperationApi.Text;

namespace CooperationApi.Http.Problems;

/// <summary>One error in a request: its location, its code and the allowed values.</summary>
internal sealed record RequestError(string Code, params object[] Arguments)
{
    /// <summary>The invalid query parameter.</summary>
    public string? Parameter { get; init; }

    /// <summary>The JSON Pointer of the invalid member of the body.</summary>
    public string? Pointer { get; init; }

    /// <summary>The record with the error, if it can be another one than the requested record: `meetings/vi-du`.</summary>
    public string? Record { get; init; }

    /// <summary>The values or names that are allowed.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>The closest allowed value or name.</summary>
    public string? Suggestion { get; init; }

    /// <summary>The first values of the stored record that an import would remove, as JSON Pointers into the record.</summary>
    public IReadOnlyList<string>? Lost { get; init; }

    /// <summary>The number of values that the import would remove.</summary>
    public int? LostCount { get; init; }

    /// <summary>Creates an error for a value or name that is not allowed, with the closest allowed one as the suggestion.</summary>
    public static RequestError NotOneOf(string code, string value, IReadOnlyList<string> allowed) =>
        new(code, value) { Allowed = allowed.Count == 0 ? null : allowed, Suggestion = ClosestMatch.Find(value, allowed) };

    /// <summary>Creates an error for a text that is no date, with the date in the required form if people write it like that.</summary>
    public static RequestError InvalidDate(string code, string text) => new(code, text) { Suggestion = DateSpelling.FindIsoDate(text) };

    /// <summary>Creates an error for a value that is no list, with an example of a list of objects or of ids.</summary>
    public static RequestError ListRequired(bool hasObjects) =>
        new("list_required", hasObjects ? "[{\"id\": ...}, {\"id\": ...}]" : "[\"ha-noi\", \"thai-binh\"]");

    /// <summary>Converts the error to its form in the problem document.</summary>
    public ProblemError ToProblemError(Language language) => new()
    {
        Parameter = Parameter,
        Pointer = Pointer,
        Record = Record,
        Code = Code,
        Detail = ProblemMessages.GetErrorDetail(language, Code, Arguments),
        Allowed = Allowed,
        Suggestion = Suggestion,
        Lost = Lost,
        LostCount = LostCount,
    };
}
