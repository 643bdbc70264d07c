using System.Text.Json;
using CooperationApi.Http.Problems;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Http;

/// <summary>Reads the bodies of requests strictly. Each verb throws a <see cref="ProblemException"/>: 415 for what it isn't, 413 for too much of it, 400 with all faults.</summary>
internal static class RequestBody
{
    private const string JsonType = "application/json";

    /// <summary>The body as a shape of the contracts. Its rules are for the caller to check.</summary>
    public static async Task<TShape> ReadAs<TShape>(HttpContext context)
    {
        using var json = await ReadJson(context);
        try
        {
            return StrictJson.Deserialize<TShape>(json.RootElement);
        }
        catch (Exception exception) when (StrictJson.IsJsonError(exception))
        {
            throw ProblemException.InvalidRequest(StrictJson.FindErrors(json.RootElement, typeof(TShape), exception));
        }
    }

    /// <summary>The body as JSON: one value, no member twice, no deeper than any shape is.</summary>
    public static async Task<JsonDocument> ReadJson(HttpContext context, string mediaType = JsonType)
    {
        var bytes = new MemoryStream();
        await OpenStream(context, mediaType).CopyToAsync(bytes, context.RequestAborted);
        try
        {
            return JsonDocument.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), StrictJson.DocumentOptions);
        }
        catch (Exception exception) when (StrictJson.IsJsonError(exception))
        {
            throw ProblemException.InvalidRequest([StrictJson.ToInvalidJsonError(exception)]);
        }
    }

    /// <summary>The body as it comes, if it is of one of the media types, in UTF-8 and not compressed.</summary>
    public static Stream OpenStream(HttpContext context, params IReadOnlyList<string> mediaTypes)
    {
        var request = context.Request;
        // A few bytes can unpack to gigabytes, so nothing is unpacked (RFC 7694 on how to say so).
        if (request.Headers.ContentEncoding.Any(encoding => !"identity".Equals(encoding, StringComparison.OrdinalIgnoreCase)))
            throw new ProblemException(415, "unsupported_encoding") { Headers = [(HeaderNames.AcceptEncoding, "identity")] };
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !mediaTypes.Any(supported => type.MediaType.Equals(supported, StringComparison.OrdinalIgnoreCase))
            || type.Charset.HasValue && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            var supported = string.Join(", ", mediaTypes);
            throw new ProblemException(415, "unsupported_media_type", supported) { Headers = [(HeaderNames.Accept, supported)] };
        }
        return request.Body;
    }
}
