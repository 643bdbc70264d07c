using CooperationApi.Storage;

namespace CooperationApi.Features.Records;

/// <summary>The response to a record write: the saved record with its ETag, or no body with `Prefer: return=minimal`.</summary>
internal static class WriteResponse
{
    /// <summary>
    /// Responds 201 for a created record and 200 otherwise; 204 for an existing record with `return=minimal`. A dry run responds 200
    /// without an ETag.
    /// </summary>
    public static async Task Write(HttpContext context, string type, string id, bool isDryRun, WriteResult result)
    {
        var (response, stored) = (context.Response, result.LastRecord!);
        var isNew = result.CreatedCount > 0 && !isDryRun;
        response.Headers.CacheControl = "no-store";
        if (!isDryRun)
            response.Headers.ETag = $"\"{WritePreconditions.FormatETag(result.Version.Epoch, stored.Revision)}\"";
        if (isNew)
            response.Headers.Location = $"/v1/{type}/{id}";
        response.StatusCode = isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        if (!isDryRun && HasPreference(context.Request, "return=minimal"))
        {
            response.Headers["Preference-Applied"] = "return=minimal";
            if (!isNew)
                response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = stored.Body.Length;
        await response.Body.WriteAsync(stored.Body, context.RequestAborted);
    }

    private static bool HasPreference(HttpRequest request, string preference) =>
        request.Headers["Prefer"].SelectMany(header => header!.Split(',', StringSplitOptions.TrimEntries)).Contains(preference, StringComparer.OrdinalIgnoreCase);
}
