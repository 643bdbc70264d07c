using CooperationApi.Storage;

namespace CooperationApi.Editing;

/// <summary>How a record that was written is answered: as it stands now with its ETag, or no more than that it was, as the caller prefers.</summary>
internal static class WrittenRecord
{
    /// <summary>Answers 201 for what was made, else 200; or 204 where the least is preferred. What was only tried has no ETag.</summary>
    public static async Task Answer(HttpContext context, string type, string id, bool isDryRun, Written written)
    {
        var (response, standing) = (context.Response, written.Last!);
        var isNew = written.Created > 0 && !isDryRun;
        response.Headers.CacheControl = "no-store";
        if (!isDryRun)
            response.Headers.ETag = $"\"{Preconditions.TagOf(written.Mark.Epoch, standing.Revision)}\"";
        if (isNew)
            response.Headers.Location = $"/v1/{type}/{id}";
        response.StatusCode = isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        if (!isDryRun && Prefers(context.Request, "return=minimal"))
        {
            response.Headers["Preference-Applied"] = "return=minimal";
            if (!isNew)
                response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = standing.Body.Length;
        await response.Body.WriteAsync(standing.Body, context.RequestAborted);
    }

    private static bool Prefers(HttpRequest request, string preference) =>
        request.Headers["Prefer"].SelectMany(header => header!.Split(',', StringSplitOptions.TrimEntries)).Contains(preference, StringComparer.OrdinalIgnoreCase);
}

