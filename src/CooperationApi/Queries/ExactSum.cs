using CooperationApi.Contracts;
using CooperationApi.Http.Problems;

namespace CooperationApi.Queries;

/// <summary>Checks that every JSON reader reads a sum exactly.</summary>
internal static class ExactSum
{
    /// <summary>Returns the sum. Throws 400 if it exceeds 2^53 - 1.</summary>
    public static decimal Ensure(decimal sum) =>
        sum <= Limits.MaxSafeInteger ? sum : throw new ProblemException(400, "sum_too_large", sum, Limits.MaxSafeInteger);
}
