using CooperationApi.Http.Problems;
using CooperationApi.Storage;
using CooperationApi.Storage.Writing;

namespace CooperationApi.Features.Records;

/// <summary>What doesn't fit the other records, as faults.</summary>
internal static class ConstraintViolationProblems
{
    /// <summary>All that is told of it; <paramref name="getRecordPointer"/> says where the record stands that has one.</summary>
    public static ProblemException ToProblem(this ConstraintViolationException exception, Func<ConstraintViolation, string> getRecordPointer) => ProblemException.InvalidRequest(
        [.. exception.Violations.Select(violation => new RequestError(violation.Code, violation.Arguments) { Pointer = $"{getRecordPointer(violation)}/{violation.Pointer}", Record = $"{violation.Type}/{violation.Id}" })],
        exception.Count);

    /// <summary>That a record can't be taken out while others name it: 409, with some of them.</summary>
    public static ProblemException ToProblem(this StillReferencedException exception, string type, string id) => new(409, "still_referenced", type, id, exception.Count)
    {
        Errors = [.. exception.References.Select(location => new RequestError("referenced_by", location.Type, location.Id, location.Pointer))],
    };
}
