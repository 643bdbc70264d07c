using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CooperationApi.Contracts;

namespace CooperationApi.Client;

/// <summary>Requests and answers, as all of the service's addresses have them.</summary>
internal sealed class Exchange(HttpClient http)
{
    private const int MostRedirects = 5;

    // A member that the service has learnt since is no reason to fail.
    private static readonly JsonSerializerOptions Tolerant = new(Wire.Json) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    /// <summary>A path with a query.</summary>
    public static string Address(string path, Query? query) => query is null or [] ? path
        : $"{path}?{string.Join('&', query.Select(parameter => $"{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(parameter.Value)}"))}";

    /// <summary>Reads an address.</summary>
    public async Task<Tagged<T>> Read<T>(string address, CancellationToken cancel) => (await ReadUnless<T>(null, address, cancel))!;

    /// <summary>Reads an address; null if it still has this tag.</summary>
    public async Task<Tagged<T>?> ReadUnless<T>(string? tag, string address, CancellationToken cancel)
    {
        using var answer = await Get(address, request =>
        {
            if (tag is not null)
                request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(tag));
        }, cancel);
        return answer.StatusCode == HttpStatusCode.NotModified ? null : await Value<T>(answer, cancel);
    }

    /// <summary>All items of a list, page by page as they are enumerated.</summary>
    public async IAsyncEnumerable<TItem> All<TPage, TItem>(string path, Query? query, Func<TPage, (IReadOnlyList<TItem> Items, string? Next)> open,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (string? cursor = null, address = Address(path, query); address is not null; address = cursor is null ? null : Address(path, [.. query ?? [], ("cursor", cursor)]))
        {
            (var items, cursor) = open((await Read<TPage>(address, cancel)).Value);
            foreach (var item in items)
                yield return item;
        }
    }

    /// <summary>Writes to an address what has this tag; without one, what isn't there.</summary>
    public async Task<Tagged<T>> Write<T>(HttpMethod method, string address, object body, string mediaType, string? tag, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, address) { Content = new StringContent(JsonSerializer.Serialize(body, Wire.Json), Encoding.UTF8, mediaType) };
        if (tag is null)
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        else
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(tag));
        using var answer = await Good(await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel), cancel);
        return await Value<T>(answer, cancel);
    }

    /// <summary>Removes what has this tag.</summary>
    public async Task Delete(string address, string tag, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, address);
        request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(tag));
        using var answer = await Good(await http.SendAsync(request, cancel), cancel);
    }

    /// <summary>
    /// Gets an address, following where it leads within the service: a redirect that HTTP's client follows by itself has no key any more, and may lead anywhere.
    /// The body is not read yet.
    /// </summary>
    public async Task<HttpResponseMessage> Get(string address, Action<HttpRequestMessage> prepare, CancellationToken cancel)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            prepare(request);
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (answer.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                return await Good(answer, cancel);
            using (answer)
            {
                var target = answer.Headers.Location is { } location ? new Uri(request.RequestUri!, location) : null;
                if (target is null || redirects == MostRedirects || Uri.Compare(target, http.BaseAddress, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0)
                    throw new HttpRequestException($"{request.RequestUri} leads to {target}, which is not followed.", null, answer.StatusCode);
                address = target.PathAndQuery;
            }
        }
    }

    /// <summary>The time after which an answer may be asked for again, if it says so.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } => date - DateTimeOffset.UtcNow is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
        _ => null,
    };

    private static async Task<HttpResponseMessage> Good(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotModified)
            return answer;
        using (answer)
            throw await Refusal(answer, cancel);
    }

    private static async Task<Exception> Refusal(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            try
            {
                return new CooperationProblemException(await Content<Problem>(answer, cancel), RetryAfter(answer));
            }
            catch (JsonException)
            {
                // Somebody else's problem document.
            }
        }
        return new HttpRequestException($"{answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode} {answer.ReasonPhrase}, and not as this service does.", null, answer.StatusCode);
    }

    private static async Task<Tagged<T>> Value<T>(HttpResponseMessage answer, CancellationToken cancel)
    {
        try
        {
            return new(await Content<T>(answer, cancel), answer.Headers.ETag?.ToString() ?? "");
        }
        catch (JsonException wrong)
        {
            throw new HttpRequestException($"{answer.RequestMessage?.RequestUri} answered what is no {typeof(T).Name}: {wrong.Message}", wrong, answer.StatusCode);
        }
    }

    private static async Task<T> Content<T>(HttpResponseMessage answer, CancellationToken cancel)
    {
        await using var content = await answer.Content.ReadAsStreamAsync(cancel);
        return await JsonSerializer.DeserializeAsync<T>(content, Tolerant, cancel) ?? throw new JsonException("null");
    }
}
