using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Text;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Http.Problems;

/// <summary>
/// Converts exceptions and error statuses to problem documents (RFC 9457) in the preferred language, regardless of `Accept`. A request for
/// a page gets the problem as a page. The exception handler of ASP.NET Core clears headers that are already set, such as CORS and
/// `API-Version`, and cannot abort a started response. The problem is a feature of the request, for the request log.
/// </summary>
internal sealed partial class ProblemMiddleware(
    RequestDelegate next, ILogger<ProblemMiddleware> logger, IProblemPage? page = null)
{
    /// <summary>The prefix of a problem's `type`.</summary>
    private const string TypePrefix = "urn:problem-type:cooperation:";

    // The SQLSTATE data_corrupted of PostgreSQL.
    private const string DataCorrupted = "XX001", LockNotAvailable = "55P03";

    /// <summary>The media type of problem documents.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>Runs the request and writes a problem document for an exception or an error status without a body.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
                await Write(context, FromStatus(context));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has disconnected. No response is possible, and there is no error to log.
        }
        catch (Exception exception)
        {
            var problem = FromException(context, exception);
            // A response that has started cannot become a problem. Aborting the connection shows the client that it is incomplete.
            if (context.Response.HasStarted)
                context.Abort();
            else
                await Write(context, problem);
        }
    }

    private ProblemException FromException(HttpContext context, Exception exception)
    {
        var instance = FormatInstance(GetTraceId(context));
        switch (exception)
        {
            case ProblemException problem:
                if (problem.Cause is { } cause)
                    LogUnhandledException(cause, context.Request.Method, context.Request.Path, instance);
                return problem;
            case BadHttpRequestException { StatusCode: var status }:
                context.Response.StatusCode = status;
                return FromStatus(context);
            case DbException { SqlState: LockNotAvailable }:
                return new(503, "store_busy");
            case DbException:
                LogDatabaseError(exception, context.Request.Method, context.Request.Path, instance);
                return new(503, exception is DbException { SqlState: DataCorrupted } ? "damaged" : "unavailable");
            default:
                LogUnhandledException(exception, context.Request.Method, context.Request.Path, instance);
                return new(500, "internal_error");
        }
    }

    private static ProblemException FromStatus(HttpContext context) => context.Response.StatusCode switch
    {
        // A path with letters that no id has is not canonical, but routing has found the id.
        404 => ProblemException.NotFound(context.Request.Path,
            context.Request.RouteValues[PathParameter.RecordIdName] is string id && !Slug.IsSlug(id) ? Slug.FromText(id) : null),
        405 => new(405, "method_not_allowed", context.Request.Method),
        408 => new(408, "request_timeout"),
        413 => new(413, "payload_too_large"),
        416 => new(416, "range_not_satisfiable"),
        429 => new(429, "too_many_requests"),
        503 => new(503, "unavailable"),
        var status => new(status, status >= 500 ? "internal_error" : "client_error", status),
    };

    /// <summary>Creates the problem document.</summary>
    public static Problem CreateDocument(ProblemException problem, Language language, string traceId) => new()
    {
        Type = TypePrefix + problem.Code,
        Title = ProblemMessages.GetProblemTitle(language, problem.Code),
        Status = problem.Status,
        Detail = ProblemMessages.GetProblemDetail(language, problem.Code, problem.Arguments),
        Instance = FormatInstance(traceId),
        Code = problem.Code,
        TraceId = traceId,
        Suggestion = problem.Suggestion,
        ErrorCount = problem.Errors.Count == 0 ? null : problem.ErrorCount,
        Errors = problem.Errors.Count == 0 ? null : [.. problem.Errors.Select(error => error.ToProblemError(language))],
    };

    private async Task Write(HttpContext context, ProblemException problem)
    {
        var isPage = page?.IsRequested(context) == true;
        var language = isPage ? page!.GetLanguage(context) : ContentNegotiation.SelectLanguage(context.Request);
        var traceId = GetTraceId(context);
        var response = context.Response;
        HttpMetrics.CountProblem(problem.Code);
        context.Features.Set(problem);
        var document = CreateDocument(problem, language, traceId);
        var body = isPage ? await page!.Render(context, document) : JsonSerializer.SerializeToUtf8Bytes(document, ApiJson.Options);
        response.StatusCode = problem.Status;
        response.ContentType = isPage ? IProblemPage.ContentType : ContentType;
        response.ContentLength = body.Length;
        response.Headers.ContentLanguage = ContentNegotiation.ToLanguageTag(language);
        response.Headers.Vary = problem.Status is 401 or 403 ? "Accept-Language, Authorization" : "Accept-Language";
        response.Headers.CacheControl = "no-store";
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = "5";
        foreach (var (name, value) in problem.Headers)
            response.Headers[name] = value;
        if (page is { IsEnabled: true })
        {
            response.Headers.Append(HeaderNames.Link,
                $"<{context.Request.PathBase}{IProblemPage.GetCodePath(problem.Code)}>; rel=\"help\"");
        }
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Returns the trace id of a request, as 32 hexadecimal digits.</summary>
    public static string GetTraceId(HttpContext context) =>
        (Activity.Current?.TraceId is { } trace && trace != default ? trace : ActivityTraceId.CreateRandom()).ToHexString();

    private static string FormatInstance(string traceId) => $"urn:uuid:{Guid.ParseExact(traceId, "N"):D}";

    [LoggerMessage(Level = LogLevel.Error, Message = "Database error in {Method} {Path} ({Instance})")]
    private partial void LogDatabaseError(Exception exception, string method, PathString path, string instance);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unhandled exception in {Method} {Path} ({Instance})")]
    private partial void LogUnhandledException(Exception exception, string method, PathString path, string instance);
}
