using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CooperationApi.Contracts;

namespace CooperationApi.Client;

/// <summary>Requests and answers, as all of the service's addresses have them.</summary>
internal sealed class ApiTransport(HttpClient httpClient)
{
    private const int MaxRedirects = 5;

    // A member that the service has learnt since is no reason to fail.
    private static readonly JsonSerializerOptions LenientOptions = new(ApiJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    /// <summary>A path with a query.</summary>
    public static string BuildAddress(string path, Query? query) => query is null or [] ? path
        : $"{path}?{string.Join('&', query.Select(parameter => $"{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(parameter.Value)}"))}";

    /// <summary>Reads an address.</summary>
    public async Task<ETagged<T>> GetETagged<T>(string address, CancellationToken cancel) => (await GetIfModified<T>(null, address, cancel))!;

    /// <summary>Reads an address; null if it still has this tag.</summary>
    public async Task<ETagged<T>?> GetIfModified<T>(string? etag, string address, CancellationToken cancel)
    {
        using var response = await SendGet(address, request =>
        {
            if (etag is not null)
                request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(etag));
        }, cancel);
        return response.StatusCode == HttpStatusCode.NotModified ? null : await ReadETagged<T>(response, cancel);
    }

    /// <summary>All items of a list, page by page as they are enumerated.</summary>
    public async IAsyncEnumerable<TItem> EnumerateItems<TPage, TItem>(string path, Query? query, Func<TPage, (IReadOnlyList<TItem> Items, string? Next)> readPage,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (string? cursor = null, address = BuildAddress(path, query); address is not null; address = cursor is null ? null : BuildAddress(path, [.. query ?? [], ("cursor", cursor)]))
        {
            (var items, cursor) = readPage((await GetETagged<TPage>(address, cancel)).Value);
            foreach (var item in items)
                yield return item;
        }
    }

    /// <summary>Writes to an address what has this tag; without one, what isn't there.</summary>
    public async Task<ETagged<T>> SendJson<T>(HttpMethod method, string address, object body, string mediaType, string? etag, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, address) { Content = new StringContent(JsonSerializer.Serialize(body, ApiJson.Options), Encoding.UTF8, mediaType) };
        if (etag is null)
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        else
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(etag));
        using var response = await EnsureSuccess(await httpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel), cancel);
        return await ReadETagged<T>(response, cancel);
    }

    /// <summary>Removes what has this tag.</summary>
    public async Task Delete(string address, string etag, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, address);
        request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(etag));
        using var response = await EnsureSuccess(await httpClient.SendAsync(request, cancel), cancel);
    }

    /// <summary>
    /// Gets an address, following where it leads within the service: a redirect that HTTP's client follows by itself has no key any more, and may lead anywhere.
    /// The body is not read yet.
    /// </summary>
    public async Task<HttpResponseMessage> SendGet(string address, Action<HttpRequestMessage> configure, CancellationToken cancel)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            configure(request);
            var response = await httpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                return await EnsureSuccess(response, cancel);
            using (response)
            {
                var target = response.Headers.Location is { } location ? new Uri(request.RequestUri!, location) : null;
                if (target is null || redirects == MaxRedirects || Uri.Compare(target, httpClient.BaseAddress, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0)
                    throw new HttpRequestException($"{request.RequestUri} leads to {target}, which is not followed.", null, response.StatusCode);
                address = target.PathAndQuery;
            }
        }
    }

    /// <summary>The time after which an answer may be asked for again, if it says so.</summary>
    public static TimeSpan? GetRetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } => date - DateTimeOffset.UtcNow is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
        _ => null,
    };

    private static async Task<HttpResponseMessage> EnsureSuccess(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified)
            return response;
        using (response)
            throw await ToException(response, cancel);
    }

    private static async Task<Exception> ToException(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            try
            {
                return new CooperationProblemException(await ReadJson<Problem>(response, cancel), GetRetryAfter(response));
            }
            catch (JsonException)
            {
                // Somebody else's problem document.
            }
        }
        return new HttpRequestException($"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode} {response.ReasonPhrase}, and not as this service does.", null, response.StatusCode);
    }

    private static async Task<ETagged<T>> ReadETagged<T>(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            return new(await ReadJson<T>(response, cancel), response.Headers.ETag?.ToString() ?? "");
        }
        catch (JsonException error)
        {
            throw new HttpRequestException($"{response.RequestMessage?.RequestUri} answered what is no {typeof(T).Name}: {error.Message}", error, response.StatusCode);
        }
    }

    private static async Task<T> ReadJson<T>(HttpResponseMessage response, CancellationToken cancel)
    {
        await using var content = await response.Content.ReadAsStreamAsync(cancel);
        return await JsonSerializer.DeserializeAsync<T>(content, LenientOptions, cancel) ?? throw new JsonException("null");
    }
}
