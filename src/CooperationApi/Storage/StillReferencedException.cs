namespace CooperationApi.Storage;

/// <summary>A record cannot be removed, because other records refer to it. Has a sample of the references and their total count.</summary>
internal sealed class StillReferencedException(string type, string id, IReadOnlyList<ReferenceLocation> references, long count)
    : Exception($"{type}/{id} is still referenced.")
{
    public IReadOnlyList<ReferenceLocation> References => references;

    public long Count => count;
}
