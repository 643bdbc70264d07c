using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CooperationApi.Contracts;

namespace CooperationApi.Client;

/// <summary>
/// Sends requests and reads responses in the conventions of the service: JSON, ETags, cursors, redirects and problem documents.
/// </summary>
internal sealed class ApiTransport(HttpClient httpClient)
{
    private const int MaxRedirects = 5;

    // A newer service may send members that this client does not know.
    private static readonly JsonSerializerOptions LenientOptions =
        new(ApiJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    /// <summary>Returns the path with the escaped query.</summary>
    public static string BuildAddress(string path, Query? query) => query is null or [] ? path
        : path + "?" + string.Join('&', query.Select(parameter =>
            $"{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(parameter.Value)}"));

    /// <summary>Gets a resource with its ETag.</summary>
    public async Task<ETagged<T>> GetETagged<T>(string address, CancellationToken cancel) =>
        (await GetIfModified<T>(null, address, cancel))!;

    /// <summary>Gets a resource with its ETag; returns null if it still has the given ETag (304).</summary>
    public async Task<ETagged<T>?> GetIfModified<T>(string? etag, string address, CancellationToken cancel)
    {
        using var response = await SendGet(address, request =>
        {
            if (etag is not null)
                request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(etag));
        }, cancel);
        return response.StatusCode == HttpStatusCode.NotModified ? null : await ReadETagged<T>(response, cancel);
    }

    /// <summary>Enumerates all items of a list. Each page is requested when the enumeration reaches it.</summary>
    public async IAsyncEnumerable<TItem> EnumerateItems<TPage, TItem>(string path, Query? query,
        Func<TPage, (IReadOnlyList<TItem> Items, string? Next)> readPage,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (string? cursor = null,
            address = BuildAddress(path, query); address is not null; address =
                cursor is null ? null : BuildAddress(path, [.. query ?? [], ("cursor", cursor)]))
        {
            (var items, cursor) = readPage((await GetETagged<TPage>(address, cancel)).Value);
            foreach (var item in items)
                yield return item;
        }
    }

    /// <summary>Sends a body with `If-Match` for the given ETag, or with `If-None-Match: *` without an ETag.</summary>
    public async Task<ETagged<T>> SendJson<T>(HttpMethod method, string address, object body, string mediaType, string? etag,
        CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, ToPath(address))
        { Content = new StringContent(JsonSerializer.Serialize(body, ApiJson.Options), Encoding.UTF8, mediaType) };
        if (etag is null)
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        else
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(etag));
        using var response =
            await EnsureSuccess(await httpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel), cancel);
        return await ReadETagged<T>(response, cancel);
    }

    /// <summary>Deletes a resource with `If-Match` for the given ETag.</summary>
    public async Task Delete(string address, string etag, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, ToPath(address));
        request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(etag));
        using var response = await EnsureSuccess(await httpClient.SendAsync(request, cancel), cancel);
    }

    /// <summary>
    /// Sends GET and follows redirects within the service. The automatic redirects of <see cref="HttpClient"/> would drop the key and could
    /// lead to another server. Returns when the headers have arrived.
    /// </summary>
    public async Task<HttpResponseMessage> SendGet(string address, Action<HttpRequestMessage> configure, CancellationToken cancel)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, ToPath(address));
            configure(request);
            var response = await httpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.TemporaryRedirect
                or HttpStatusCode.PermanentRedirect))
                return await EnsureSuccess(response, cancel);
            using (response)
            {
                var target = response.Headers.Location is { } location ? new Uri(request.RequestUri!, location) : null;
                if (target is null || redirects == MaxRedirects
                    || Uri.Compare(target, httpClient.BaseAddress, UriComponents.SchemeAndServer, UriFormat.Unescaped,
                        StringComparison.OrdinalIgnoreCase) != 0)
                    throw new HttpRequestException(
                        $"The redirect from {request.RequestUri} to {target} is not followed: it leaves the service or is one of more "
                        + $"than {MaxRedirects}.", null, response.StatusCode);
                address = target.PathAndQuery;
            }
        }
    }

    /// <summary>Returns the delay of the `Retry-After` header; null if the header is absent.</summary>
    public static TimeSpan? GetRetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } => date - DateTimeOffset.UtcNow is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>
    /// Returns the address behind the path of the base URL, such as that of a reverse proxy. Links and redirects of a service that does not
    /// know this path begin with `/v1`.
    /// </summary>
    private string ToPath(string address)
    {
        var basePath = httpClient.BaseAddress?.AbsolutePath.TrimEnd('/');
        return address.StartsWith($"{basePath}/v1/", StringComparison.Ordinal) ? address : basePath + address;
    }

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
                // The problem document is not one of the service, for example of a proxy.
            }
        }
        return new HttpRequestException(
            $"Unexpected response from {response.RequestMessage?.RequestUri}: {(int)response.StatusCode} {response.ReasonPhrase}.", null,
            response.StatusCode);
    }

    private static async Task<ETagged<T>> ReadETagged<T>(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            return new(await ReadJson<T>(response, cancel), response.Headers.ETag?.ToString() ?? "");
        }
        catch (JsonException error)
        {
            throw new HttpRequestException(
                $"The response from {response.RequestMessage?.RequestUri} is not a valid {typeof(T).Name}: {error.Message}", error,
                response.StatusCode);
        }
    }

    private static async Task<T> ReadJson<T>(HttpResponseMessage response, CancellationToken cancel)
    {
        await using var content = await response.Content.ReadAsStreamAsync(cancel);
        return await JsonSerializer.DeserializeAsync<T>(content, LenientOptions, cancel) ?? throw new JsonException("null");
    }
}
