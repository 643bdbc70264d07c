using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Http;

/// <summary>
/// What a GET answers: the bytes, and the tag that tells this state of them from any other. A weak tag follows the whole store,
/// a strong one the record alone.
/// </summary>
internal sealed record Answer(string Tag, bool IsWeak, byte[] Body)
{
    /// <summary>When the record was last changed.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>The path and query of the next page.</summary>
    public string? NextPage { get; init; }

    /// <summary>The path and query where what is asked for is now, for good: the answer is 308.</summary>
    public string? MovedTo { get; init; }

    /// <summary>Whether the caller has this answer already, so that it was not made.</summary>
    public bool IsUnchanged { get; private init; }

    /// <summary>The answer to a caller who has it: see <see cref="Answers.Known"/>.</summary>
    public static Answer Unchanged(string tag) => new(tag, IsWeak: true, []) { IsUnchanged = true };

    /// <summary>The media type.</summary>
    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary>What of the request decides the representation.</summary>
    public string Vary { get; init; } = "Accept, Accept-Encoding";

    /// <summary>How it is sent if it isn't the body: as it is read, for this caller, and kept by nobody.</summary>
    public Func<HttpContext, Task>? Send { get; init; }
}

/// <summary>
/// Answers every GET and HEAD: conditional requests, compression, and a cache of whole answers. An answer is a function of the store's
/// state and the address, so one found under both is as good as a new one, and all are dropped when the state changes.
/// </summary>
internal sealed class Answers(Patience patience)
{
    // Together, in bytes of bodies. Past it the cache begins anew: simpler than choosing what to drop.
    private const long CacheSize = 32 << 20;

    // Longer ones are asked for by who copies everything, and not again.
    private const int LongestKept = 1 << 20;

    private const int CompressedFrom = 1024;

    /// <summary>What the tag of an answer that is compressed ends with.</summary>
    public const string GzipSuffix = "-gzip";

    private static readonly StringValues CacheControl = "no-cache";
    private static readonly StringValues NoStore = "no-store";
    private static readonly StringValues Gzip = "gzip";
    private static readonly string[] Json = ["application/json"];

    private Generation generation = new("");

    /// <summary>
    /// Answers from the cache or makes the answer. <paramref name="state"/> is the store's state as one word, taken before
    /// <paramref name="make"/> reads: an answer is never older than the state that it is kept under. What is served is JSON; where it is
    /// <paramref name="served"/> in other formats too, JSON first, it is for <paramref name="make"/> to say which it is to be.
    /// </summary>
    public async Task Serve(HttpContext context, string state, Func<Task<Answer>> make, IReadOnlyList<string>? served = null)
    {
        // Only JSON is kept, so what is found is JSON: asked for in the query, or wanted as far as is known here.
        var isJson = Accepted.MediaType(context.Request, served ?? Json) == Json[0];
        if (!isJson && served is null)
            throw new Faults.ProblemException(406, "not_acceptable", Json[0]);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var current = CurrentGeneration(state);
        if (!isJson || !current.Entries.TryGetValue(target, out var entry))
        {
            var answer = await patience.Within(context, make);
            if (answer.Send is { } send)
            {
                await send(context);
                return;
            }
            entry = new(answer);
            if (!answer.IsUnchanged)
                current.Keep(target, entry);
        }
        await Write(context, entry);
    }

    /// <summary>
    /// The answer to a caller who says to have the one with this weak tag, in whichever encoding; null for any other. What only follows the
    /// store's state can be told so before it is made: a 304 that costs no query.
    /// </summary>
    public static Answer? Known(HttpRequest request, string tag)
    {
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags))
            return null;
        var known = tags.Select(known => known.Tag.ToString().Trim('"')).FirstOrDefault(known => known == tag || known == tag + GzipSuffix);
        return known is null ? null : Answer.Unchanged(known);
    }

    /// <summary>Answers what is for this caller alone, and kept by nobody.</summary>
    public static Task ServePrivately(HttpContext context, Answer answer)
    {
        DemandJson(context.Request);
        return Write(context, new(answer), NoStore);
    }

    /// <summary>Answers what follows something else than the store's state, and is made anew for everybody.</summary>
    public static Task ServeUnkept(HttpContext context, Answer answer) => Write(context, new(answer));

    /// <summary>Refuses who does not take JSON, where there is nothing else: 406.</summary>
    public static void DemandJson(HttpRequest request)
    {
        if (Accepted.MediaType(request, Json) is null)
            throw new Faults.ProblemException(406, "not_acceptable", Json[0]);
    }

    /// <summary>A handler that always answers the same, whatever the store's state.</summary>
    public static RequestDelegate Always(Func<Answer> make)
    {
        var entry = new Lazy<Entry>(() => new(make()));
        return context => Write(context, entry.Value);
    }

    /// <summary>
    /// Begins an answer that is sent as it is read: its weak tag, and what decides over it. True if the caller has it already, and is told so.
    /// </summary>
    public static bool IsKnown(HttpContext context, string tag, string vary)
    {
        Introduce(context.Response, $"W/\"{tag}\"", vary);
        if (!Has(context.Request.Headers.IfNoneMatch, new($"\"{tag}\"", isWeak: true)))
            return false;
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    private static void Introduce(HttpResponse response, StringValues etag, StringValues vary)
    {
        response.Headers.ETag = etag;
        response.Headers.CacheControl = CacheControl;
        response.Headers.Vary = vary;
    }

    private Generation CurrentGeneration(string state)
    {
        var current = Volatile.Read(ref generation);
        if ((ReferenceEquals(current.State, state) || current.State == state) && current.Size <= CacheSize)
            return current;
        var begun = new Generation(state);
        Volatile.Write(ref generation, begun);
        return begun;
    }

    private static Task Write(HttpContext context, Entry entry, StringValues? cacheControl = null)
    {
        var (request, response) = (context.Request, context.Response);
        var variant = entry.Answer.Body.Length >= CompressedFrom && Accepted.Gzip(request) ? entry.Compressed : entry.Plain;
        var headers = response.Headers;
        Introduce(response, variant.ETag, entry.Vary);
        if (cacheControl is { } kept)
            headers.CacheControl = kept;
        headers.LastModified = entry.LastModified;
        headers.Link = entry.Link;
        if (entry.Answer.MovedTo is { } address)
        {
            (response.StatusCode, headers.Location) = (StatusCodes.Status308PermanentRedirect, address);
            return Task.CompletedTask;
        }
        if (entry.Answer.IsUnchanged || IsNotModified(request, entry, variant))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        headers.ContentType = entry.ContentType;
        if (variant.IsCompressed)
            headers.ContentEncoding = Gzip;
        response.ContentLength = variant.Body.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(variant.Body).AsTask();
    }

    /// <summary>RFC 9110, 13.1.2 and 13.1.3: the tag decides; only without one does the date.</summary>
    private static bool IsNotModified(HttpRequest request, Entry entry, Variant variant)
    {
        var asked = request.Headers.IfNoneMatch;
        if (asked.Count > 0)
            return asked.Count == 1 && asked[0] == variant.ETag || Has(asked, variant.Parsed);
        return entry.Answer.LastModified is { } changed
            && request.Headers.IfModifiedSince.Count > 0
            && request.GetTypedHeaders().IfModifiedSince is { } since
            && changed.ToUnixTimeSeconds() <= since.ToUnixTimeSeconds();
    }

    private static bool Has(StringValues asked, EntityTagHeaderValue own) => EntityTagHeaderValue.TryParseList(asked, out var tags)
        && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(own, useStrongComparison: false));

    /// <summary>The answers of one state of the store.</summary>
    private sealed class Generation(string state)
    {
        private long size;

        public string State { get; } = state;

        public ConcurrentDictionary<string, Entry> Entries { get; } = new(StringComparer.Ordinal);

        public long Size => Volatile.Read(ref size);

        public void Keep(string target, Entry entry)
        {
            if (entry.Answer.Body.Length <= LongestKept && Entries.TryAdd(target, entry))
                Interlocked.Add(ref size, entry.Answer.Body.Length + 2 * target.Length + 1024);
        }
    }

    /// <summary>An answer with its headers as they are sent.</summary>
    private sealed class Entry(Answer answer)
    {
        public Answer Answer { get; } = answer;

        public StringValues LastModified { get; } = answer.LastModified is { } at ? new(HeaderUtilities.FormatDate(at)) : default;

        public StringValues Link { get; } = answer.NextPage is { } next ? new($"<{next}>; rel=\"next\"") : default;

        public StringValues ContentType { get; } = answer.ContentType;

        public StringValues Vary { get; } = answer.Vary;

        public Variant Plain { get; } = new(answer.Tag, answer.IsWeak, new(answer.Body), isCompressed: false);

        // Compressed when it is first sent: a 304 needs the tag alone.
        public Variant Compressed { get; } = new(answer.Tag + GzipSuffix, answer.IsWeak, new(() => Compress(answer.Body)), isCompressed: true);

        private static byte[] Compress(byte[] body)
        {
            using var target = new MemoryStream();
            using (var gzip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
                gzip.Write(body);
            return target.ToArray();
        }
    }

    /// <summary>One representation of an answer, and the tag that is its own.</summary>
    private sealed class Variant(string tag, bool isWeak, Lazy<byte[]> body, bool isCompressed)
    {
        public EntityTagHeaderValue Parsed { get; } = new($"\"{tag}\"", isWeak);

        public string ETag { get; } = isWeak ? $"W/\"{tag}\"" : $"\"{tag}\"";

        public byte[] Body => body.Value;

        public bool IsCompressed { get; } = isCompressed;
    }
}
