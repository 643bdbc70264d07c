using CooperationApi.Faults;
using CooperationApi.Storage;

namespace CooperationApi.Resources;

/// <summary>References that lead nowhere, or to two records, as faults.</summary>
internal static class DanglingFaults
{
    /// <summary>All of them; <paramref name="pointerOf"/> says where the record that has one stands.</summary>
    public static IReadOnlyList<Fault> Faults(this DanglingReferencesException dangling, Func<Dangling, string> pointerOf) =>
    [
        .. dangling.References.Select(reference =>
            new Fault(dangling.AreAmbiguous ? "ambiguous_reference" : "unknown_reference", reference.ToType.Replace("|", ", ", StringComparison.Ordinal), reference.ToId)
            {
                Pointer = $"{pointerOf(reference)}/{reference.Place}",
            }),
    ];
}
