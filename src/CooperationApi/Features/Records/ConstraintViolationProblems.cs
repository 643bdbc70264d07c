using CooperationApi.Http.Problems;
using CooperationApi.Storage;
using CooperationApi.Storage.Writing;

namespace CooperationApi.Features.Records;

/// <summary>Maps exceptions of the write transaction to problems.</summary>
internal static class ConstraintViolationProblems
{
    /// <summary>
    /// Maps constraint violations to a 400 problem. <paramref name="getPointer"/> returns the JSON pointer of a violation in the request
    /// body; by default the body is the record.
    /// </summary>
    public static ProblemException ToProblem(this ConstraintViolationException exception,
        Func<ConstraintViolation, string>? getPointer = null) => ProblemException.InvalidRequest(
        [.. exception.Violations.Select(
            violation => new RequestError(violation.Code, violation.Arguments)
            {
                Pointer = getPointer?.Invoke(violation) ?? "/" + violation.Pointer,
                Record = $"{violation.Type}/{violation.Id}",
                Suggestion = violation.FindSuggestion(),
            })],
        exception.Count);

    private static string? FindSuggestion(this ConstraintViolation violation) => violation.Code == "unknown_reference"
        ? ClosestMatch.Find((string)violation.Arguments[1], violation.SimilarIds)
        : null;

    /// <summary>Maps the rejected removal of a referenced record to a 409 problem that lists some of the references.</summary>
    public static ProblemException ToProblem(this StillReferencedException exception, string type, string id) =>
        new(409, "still_referenced", type, id, exception.Count)
        {
            Errors = [
                .. exception.References.Select(
                    location => new RequestError("referenced_by", location.Type, location.Id, location.Pointer))],
        };
}
