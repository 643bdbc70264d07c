using System.Text.Json.Nodes;
using CooperationApi.Contracts;

namespace CooperationApi.Client;

/// <summary>The client for the records of one type.</summary>
/// <typeparam name="T">The type of the records.</typeparam>
public sealed class ResourceClient<T> where T : Record
{
    private readonly ApiTransport transport;
    private readonly string resourceType;

    internal ResourceClient(ApiTransport transport, string resourceType) => (this.transport, this.resourceType) = (transport, resourceType);

    /// <summary>Gets a record. For a merged record, gets the record into which it was merged.</summary>
    /// <exception cref="CooperationProblemException">The record does not exist (404) or was deleted (410).</exception>
    public async Task<T> GetAsync(string id, CancellationToken cancel = default) => (await GetWithETagAsync(id, cancel)).Value;

    /// <summary>Gets a record with its ETag, which a change of the record requires.</summary>
    public Task<ETagged<T>> GetWithETagAsync(string id, CancellationToken cancel = default) =>
        transport.GetETagged<T>(BuildAddress(id), cancel);

    /// <summary>Gets a record; returns null if it does not exist or was deleted.</summary>
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

    /// <summary>Lists all records that match the query.</summary>
    /// <param name="query">Filters and sort order: `[("kind", "Visit,Ceremony"), ("sort", "-heldOn")]`.</param>
    public IAsyncEnumerable<T> ListAsync(Query? query = null) => EnumeratePages(BuildAddress(), query);

    /// <summary>Lists the records of this type for another record: `client.Results.ListForAsync("provinces", "thai-binh")`.</summary>
    public IAsyncEnumerable<T> ListForAsync(string parentType, string parentId, Query? query = null) =>
        EnumeratePages($"/v1/{parentType}/{Uri.EscapeDataString(parentId)}/{resourceType}", query);

    /// <summary>Gets one page of the list, selected by `limit` and `cursor`.</summary>
    public async Task<Page<T>> GetPageAsync(Query? query = null, CancellationToken cancel = default) =>
        (await transport.GetETagged<Page<T>>(ApiTransport.BuildAddress(BuildAddress(), query), cancel)).Value;

    /// <summary>Lists the revisions of a record, newest first.</summary>
    public IAsyncEnumerable<RecordRevision> ListRevisionsAsync(string id, Query? query = null) =>
        transport.EnumerateItems<Page<RecordRevision>, RecordRevision>(BuildAddress(id) + "/revisions", query,
            page => (page.Items, page.Next));

    /// <summary>Creates a record.</summary>
    /// <exception cref="CooperationProblemException">
    /// A different record with this id exists (412), or the record is invalid (400).
    /// </exception>
    public Task<ETagged<T>> CreateAsync(T record, CancellationToken cancel = default) => PutAsync(record, etag: null, cancel);

    /// <summary>
    /// Replaces the record that has the given ETag. Removes members that this version of the client does not know; prefer
    /// <see cref="UpdateAsync"/> to change some members.
    /// </summary>
    /// <exception cref="CooperationProblemException">The record has changed since (412): get it again.</exception>
    public Task<ETagged<T>> ReplaceAsync(T record, string etag, CancellationToken cancel = default) => PutAsync(record, etag, cancel);

    private Task<ETagged<T>> PutAsync(T record, string? etag, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(record);
        return transport.SendJson<T>(HttpMethod.Put, BuildAddress(record.Id), record, "application/json", etag, cancel);
    }

    /// <summary>Updates some members of the record that has the given ETag (JSON Merge Patch, RFC 7396); null removes a member.</summary>
    /// <exception cref="CooperationProblemException">The record has changed since (412): get it again.</exception>
    public Task<ETagged<T>> UpdateAsync(string id, JsonObject changes, string etag, CancellationToken cancel = default) =>
        transport.SendJson<T>(HttpMethod.Patch, BuildAddress(id), changes, "application/merge-patch+json", etag, cancel);

    /// <summary>Deletes the record that has the given ETag.</summary>
    public Task DeleteAsync(string id, string etag, CancellationToken cancel = default) => transport.Delete(BuildAddress(id), etag, cancel);

    private IAsyncEnumerable<T> EnumeratePages(string path, Query? query) =>
        transport.EnumerateItems<Page<T>, T>(path, query, page => (page.Items, page.Next));

    private string BuildAddress(string? id = null) => id is null ? $"/v1/{resourceType}" : $"/v1/{resourceType}/{Uri.EscapeDataString(id)}";
}

/// <summary>A value with its ETag.</summary>
/// <param name="Value">The value.</param>
/// <param name="ETag">The ETag, for a conditional change or a conditional request.</param>
public sealed record ETagged<T>(T Value, string ETag);
