using System.Text.Json;
using CooperationApi.Faults;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Http;

/// <summary>Reads the bodies of requests strictly. Each verb throws a <see cref="ProblemException"/>: 415 for what it isn't, 413 for too much of it, 400 with all faults.</summary>
internal static class Body
{
    private const string JsonType = "application/json";

    /// <summary>The body as a shape of the contracts. Its rules are for the caller to check.</summary>
    public static async Task<TShape> Read<TShape>(HttpContext context)
    {
        using var json = await ReadJson(context);
        try
        {
            return Shape.Read<TShape>(json.RootElement);
        }
        catch (Exception exception) when (Shape.IsUnreadable(exception))
        {
            throw ProblemException.Invalid(Shape.FaultsOf(json.RootElement, typeof(TShape), exception));
        }
    }

    /// <summary>The body as JSON: one value, no member twice, no deeper than any shape is.</summary>
    public static async Task<JsonDocument> ReadJson(HttpContext context, string mediaType = JsonType)
    {
        var bytes = new MemoryStream();
        await Open(context, mediaType).CopyToAsync(bytes, context.RequestAborted);
        try
        {
            return JsonDocument.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), Shape.Strict);
        }
        catch (Exception exception) when (Shape.IsUnreadable(exception))
        {
            throw ProblemException.Invalid([Shape.Unreadable(exception)]);
        }
    }

    /// <summary>The body as it comes, if it is of one of the media types, in UTF-8 and not compressed.</summary>
    public static Stream Open(HttpContext context, params IReadOnlyList<string> mediaTypes)
    {
        var request = context.Request;
        // A few bytes can unpack to gigabytes, so nothing is unpacked (RFC 7694 on how to say so).
        if (request.Headers.ContentEncoding.Any(encoding => !"identity".Equals(encoding, StringComparison.OrdinalIgnoreCase)))
            throw new ProblemException(415, "unsupported_encoding") { Headers = [(HeaderNames.AcceptEncoding, "identity")] };
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !mediaTypes.Any(taken => type.MediaType.Equals(taken, StringComparison.OrdinalIgnoreCase))
            || type.Charset.HasValue && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            var taken = string.Join(", ", mediaTypes);
            throw new ProblemException(415, "unsupported_media_type", taken) { Headers = [(HeaderNames.Accept, taken)] };
        }
        return request.Body;
    }
}
