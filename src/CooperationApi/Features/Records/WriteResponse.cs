using CooperationApi.Storage;

namespace CooperationApi.Features.Records;

/// <summary>How a record that was written is answered: as it stands now with its ETag, or no more than that it was, as the caller prefers.</summary>
internal static class WriteResponse
{
    /// <summary>Answers 201 for what was made, else 200; or 204 where the least is preferred. What was only tried has no ETag.</summary>
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

