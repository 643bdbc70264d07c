using System.Text.Json.Nodes;
using CooperationApi.Contracts;

namespace CooperationApi.Client;

/// <summary>The records of one type.</summary>
/// <typeparam name="T">What a record is.</typeparam>
public sealed class ResourceClient<T> where T : Record
{
    private readonly ApiTransport transport;
    private readonly string resourceType;

    internal ResourceClient(ApiTransport transport, string resourceType) => (this.transport, this.resourceType) = (transport, resourceType);

    /// <summary>A record. Of one that was merged, the record that it was merged into.</summary>
    /// <exception cref="CooperationProblemException">There is none (404), or it is no more (410).</exception>
    public async Task<T> GetAsync(string id, CancellationToken cancel = default) => (await GetWithETagAsync(id, cancel)).Value;

    /// <summary>A record with its tag, for who wants to change it.</summary>
    public Task<ETagged<T>> GetWithETagAsync(string id, CancellationToken cancel = default) => transport.GetETagged<T>(BuildAddress(id), cancel);

    /// <summary>A record, or null where there is none or it is no more.</summary>
    public async Task<T?> FindAsync(string id, CancellationToken cancel = default)
    {
        try
        {
            return await GetAsync(id, cancel);
        }
        catch (CooperationProblemException problem) when (problem.Status is 404 or 410)
        {
            return null;
        }
    }

    /// <summary>All records that a list has, however many.</summary>
    /// <param name="query">Filters and order: `[("kind", "Visit,Ceremony"), ("sort", "-heldOn")]`.</param>
    public IAsyncEnumerable<T> ListAsync(Query? query = null) => EnumeratePages(BuildAddress(), query);

    /// <summary>All records of this type that another record has: `client.Results.Of("provinces", "thai-binh")`.</summary>
    public IAsyncEnumerable<T> ListOfAsync(string parentType, string parentId, Query? query = null) =>
        EnumeratePages($"/v1/{parentType}/{Uri.EscapeDataString(parentId)}/{resourceType}", query);

    /// <summary>One page of the list, as asked for with `limit` and `cursor`.</summary>
    public async Task<Page<T>> GetPageAsync(Query? query = null, CancellationToken cancel = default) =>
        (await transport.GetETagged<Page<T>>(ApiTransport.BuildAddress(BuildAddress(), query), cancel)).Value;

    /// <summary>What became of a record, the newest first.</summary>
    public IAsyncEnumerable<RecordRevision> ListRevisionsAsync(string id, Query? query = null) =>
        transport.EnumerateItems<Page<RecordRevision>, RecordRevision>(BuildAddress(id) + "/revisions", query, page => (page.Items, page.Next));

    /// <summary>Makes a record that isn't there yet.</summary>
    /// <exception cref="CooperationProblemException">It is there and says something else (412), or something is wrong with it (400).</exception>
    public Task<ETagged<T>> CreateAsync(T record, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        return transport.SendJson<T>(HttpMethod.Put, BuildAddress(record.Id), record, "application/json", null, cancel);
    }

    /// <summary>
    /// Puts a record in the place of the one with this tag. Members that this version of the client does not know are lost by it: <see cref="PatchAsync"/> is
    /// the better way to change a few.
    /// </summary>
    /// <exception cref="CooperationProblemException">Somebody has changed it meanwhile (412): read it again.</exception>
    public Task<ETagged<T>> ReplaceAsync(T record, string etag, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        return transport.SendJson<T>(HttpMethod.Put, BuildAddress(record.Id), record, "application/json", etag, cancel);
    }

    /// <summary>Changes some members of the record with this tag (JSON Merge Patch, RFC 7396): a null takes a member away.</summary>
    /// <exception cref="CooperationProblemException">Somebody has changed it meanwhile (412): read it again.</exception>
    public Task<ETagged<T>> PatchAsync(string id, JsonObject changes, string etag, CancellationToken cancel = default) =>
        transport.SendJson<T>(HttpMethod.Patch, BuildAddress(id), changes, "application/merge-patch+json", etag, cancel);

    /// <summary>Removes the record with this tag.</summary>
    public Task DeleteAsync(string id, string etag, CancellationToken cancel = default) => transport.Delete(BuildAddress(id), etag, cancel);

    private IAsyncEnumerable<T> EnumeratePages(string path, Query? query) => transport.EnumerateItems<Page<T>, T>(path, query, page => (page.Items, page.Next));

    private string BuildAddress(string? id = null) => id is null ? $"/v1/{resourceType}" : $"/v1/{resourceType}/{Uri.EscapeDataString(id)}";
}

/// <summary>What was read, and the tag of that state of it.</summary>
/// <param name="Value">What was read.</param>
/// <param name="ETag">Its ETag, to change it by, or to ask whether it has changed.</param>
public sealed record ETagged<T>(T Value, string ETag);
