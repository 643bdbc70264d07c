using System.Text.Json;
using CooperationApi.Http.Problems;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Http;

/// <summary>
/// Reads request bodies strictly. Each method throws a <see cref="ProblemException"/>: 415 for an unsupported body, 413 for its size, 400
/// with all errors.
/// </summary>
internal static class RequestBody
{
    private const string JsonType = "application/json";

    /// <summary>Reads the body as a contract type. The caller validates the rules of the type.</summary>
    public static async Task<TShape> ReadAs<TShape>(HttpContext context)
    {
        using var json = await ReadJson(context);
        try
        {
            return StrictJson.Deserialize<TShape>(json.RootElement);
        }
        catch (Exception exception) when (StrictJson.IsJsonError(exception))
        {
            throw ProblemException.InvalidRequest(StrictJson.FindErrors(json.RootElement, typeof(TShape)));
        }
    }

    /// <summary>Reads the body as one JSON value without duplicate members, no deeper than the contracts allow.</summary>
    public static async Task<JsonDocument> ReadJson(HttpContext context, string mediaType = JsonType)
    {
        var bytes = new MemoryStream();
        await OpenStream(context, mediaType).CopyToAsync(bytes, context.RequestAborted);
        var errors = new RequestErrors();
        var document = StrictJson.TryParse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), errors);
        errors.ThrowIfAny();
        return document!;
    }

    /// <summary>Returns the body stream if the body has one of the media types, in UTF-8 and not compressed.</summary>
    public static Stream OpenStream(HttpContext context, params IReadOnlyList<string> mediaTypes)
    {
        var request = context.Request;
        // A few bytes can decompress to gigabytes, so compressed bodies are rejected; RFC 7694 defines the response header.
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
