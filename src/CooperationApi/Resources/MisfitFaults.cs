using CooperationApi.Faults;
using CooperationApi.Storage;

namespace CooperationApi.Resources;

/// <summary>What doesn't fit the other records, as faults.</summary>
internal static class MisfitFaults
{
    /// <summary>All that is told of it; <paramref name="pointerOf"/> says where the record stands that has one.</summary>
    public static ProblemException AsProblem(this MisfitException misfits, Func<Misfit, string> pointerOf) => ProblemException.Invalid(
        [.. misfits.First.Select(misfit => new Fault(misfit.Code, misfit.Values) { Pointer = $"{pointerOf(misfit)}/{misfit.Place}", Record = $"{misfit.Type}/{misfit.Id}" })],
        misfits.Count);

    /// <summary>That a record can't be taken out while others name it: 409, with some of them.</summary>
    public static ProblemException Problem(this StillReferencedException still, string type, string id) => new(409, "still_referenced", type, id, still.Count)
    {
        Faults = [.. still.References.Select(naming => new Fault("referenced_by", naming.Type, naming.Id, naming.Place))],
    };
}
