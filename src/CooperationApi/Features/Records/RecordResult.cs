using CooperationApi.Storage;

namespace CooperationApi.Features.Records;

/// <summary>
/// The result of a record write: 201 for a created record and 200 otherwise, with the saved record and its ETag. With
/// `Prefer: return=minimal`, the response has no body, and the status of an existing record is 204. A dry run responds 200 without an ETag.
/// </summary>
internal sealed class RecordResult(string type, string id, bool isDryRun, WriteResult written) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, stored) = (httpContext.Response, written.LastRecord!);
        var isNew = written.CreatedCount > 0 && !isDryRun;
        if (!isDryRun)
            response.Headers.ETag = $"\"{WritePreconditions.FormatETag(written.Version.Epoch, stored.Revision)}\"";
        if (isNew)
            response.Headers.Location = $"/v1/{type}/{id}";
        response.StatusCode = isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        if (!isDryRun && HasPreference(httpContext.Request, "return=minimal"))
        {
            response.Headers["Preference-Applied"] = "return=minimal";
            if (!isNew)
                response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = stored.Body.Length;
        await response.Body.WriteAsync(stored.Body, httpContext.RequestAborted);
    }

    private static bool HasPreference(HttpRequest request, string preference) => request.Headers["Prefer"]
        // A preference can have parameters: `return=minimal; foo=bar` (RFC 7240).
        .SelectMany(header => header!.Split(',')).Select(value => value.Split(';')[0].Trim())
        .Contains(preference, StringComparer.OrdinalIgnoreCase);
}
