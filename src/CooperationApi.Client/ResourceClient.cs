using System.Text.Json.Nodes;
using CooperationApi.Contracts;

namespace CooperationApi.Client;

/// <summary>The records of one type.</summary>
/// <typeparam name="T">What a record is.</typeparam>
public sealed class ResourceClient<T> where T : Record
{
    private readonly Exchange exchange;
    private readonly string type;

    internal ResourceClient(Exchange exchange, string type) => (this.exchange, this.type) = (exchange, type);

    /// <summary>A record. Of one that was merged, the record that it was merged into.</summary>
    /// <exception cref="CooperationProblemException">There is none (404), or it is no more (410).</exception>
    public async Task<T> Get(string id, CancellationToken cancel = default) => (await GetTagged(id, cancel)).Value;

    /// <summary>A record with its tag, for who wants to change it.</summary>
    public Task<Tagged<T>> GetTagged(string id, CancellationToken cancel = default) => exchange.Read<T>(Address(id), cancel);

    /// <summary>A record, or null where there is none or it is no more.</summary>
    public async Task<T?> Find(string id, CancellationToken cancel = default)
    {
        try
        {
            return await Get(id, cancel);
        }
        catch (CooperationProblemException problem) when (problem.Status is 404 or 410)
        {
            return null;
        }
    }

    /// <summary>All records that a list has, however many.</summary>
    /// <param name="query">Filters and order: `[("kind", "Visit,Ceremony"), ("sort", "-heldOn")]`.</param>
    public IAsyncEnumerable<T> List(Query? query = null) => All(Address(), query);

    /// <summary>All records of this type that another record has: `client.Results.Of("provinces", "thai-binh")`.</summary>
    public IAsyncEnumerable<T> Of(string otherType, string otherId, Query? query = null) =>
        All($"/v1/{otherType}/{Uri.EscapeDataString(otherId)}/{type}", query);

    /// <summary>One page of the list, as asked for with `limit` and `cursor`.</summary>
    public async Task<Page<T>> Page(Query? query = null, CancellationToken cancel = default) =>
        (await exchange.Read<Page<T>>(Exchange.Address(Address(), query), cancel)).Value;

    /// <summary>What became of a record, the newest first.</summary>
    public IAsyncEnumerable<RecordRevision> Revisions(string id, Query? query = null) =>
        exchange.All<Page<RecordRevision>, RecordRevision>(Address(id) + "/revisions", query, page => (page.Items, page.Next));

    /// <summary>Makes a record that isn't there yet.</summary>
    /// <exception cref="CooperationProblemException">It is there and says something else (412), or something is wrong with it (400).</exception>
    public Task<Tagged<T>> Create(T record, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        return exchange.Write<T>(HttpMethod.Put, Address(record.Id), record, "application/json", null, cancel);
    }

    /// <summary>
    /// Puts a record in the place of the one with this tag. Members that this version of the client does not know are lost by it: <see cref="Patch"/> is
    /// the better way to change a few.
    /// </summary>
    /// <exception cref="CooperationProblemException">Somebody has changed it meanwhile (412): read it again.</exception>
    public Task<Tagged<T>> Replace(T record, string tag, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        return exchange.Write<T>(HttpMethod.Put, Address(record.Id), record, "application/json", tag, cancel);
    }

    /// <summary>Changes some members of the record with this tag (JSON Merge Patch, RFC 7396): a null takes a member away.</summary>
    /// <exception cref="CooperationProblemException">Somebody has changed it meanwhile (412): read it again.</exception>
    public Task<Tagged<T>> Patch(string id, JsonObject changes, string tag, CancellationToken cancel = default) =>
        exchange.Write<T>(HttpMethod.Patch, Address(id), changes, "application/merge-patch+json", tag, cancel);

    /// <summary>Removes the record with this tag.</summary>
    public Task Delete(string id, string tag, CancellationToken cancel = default) => exchange.Delete(Address(id), tag, cancel);

    private IAsyncEnumerable<T> All(string path, Query? query) => exchange.All<Page<T>, T>(path, query, page => (page.Items, page.Next));

    private string Address(string? id = null) => id is null ? $"/v1/{type}" : $"/v1/{type}/{Uri.EscapeDataString(id)}";
}

/// <summary>What was read, and the tag of that state of it.</summary>
/// <param name="Value">What was read.</param>
/// <param name="Tag">Its ETag, to change it by, or to ask whether it has changed.</param>
public sealed record Tagged<T>(T Value, string Tag);
