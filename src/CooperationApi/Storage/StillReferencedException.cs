namespace CooperationApi.Storage;

/// <summary>A record that can't be removed, because others name it: some of them, and how many references there are.</summary>
internal sealed class StillReferencedException(string type, string id, IReadOnlyList<ReferenceLocation> references, long count)
    : Exception($"{type}/{id} is named by others.")
{
    public IReadOnlyList<ReferenceLocation> References => references;

    public long Count => count;
}
