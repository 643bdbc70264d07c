using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using Microsoft.AspNetCore.Diagnostics;

namespace CooperationApi.Http;

/// <summary>Turns whatever went wrong into a problem document (RFC 9457), whatever the request accepts, in the language that it asks for.</summary>
internal sealed partial class Problems(ILogger<Problems> logger) : IExceptionHandler
{
    /// <summary>What a problem's `type` begins with.</summary>
    public const string TypePrefix = "urn:problem-type:cooperation:";

    /// <summary>The media type of problems.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>Answers an exception of a handler.</summary>
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancel)
    {
        // Whoever asked has gone: there is nobody to answer, and nothing went wrong here.
        if (context.RequestAborted.IsCancellationRequested)
            return true;
        var instance = Instance(TraceId(context));
        switch (exception)
        {
            case ProblemException problem:
                await Write(context, problem);
                return true;
            case BadHttpRequestException { StatusCode: var status }:
                context.Response.StatusCode = status;
                await WriteStatus(context);
                return true;
            case DbException:
                LogUnavailable(exception, context.Request.Method, context.Request.Path, instance);
                context.Response.Headers.RetryAfter = "5";
                await Write(context, new(503, "unavailable"));
                return true;
            default:
                LogFailed(exception, context.Request.Method, context.Request.Path, instance);
                await Write(context, new(500, "internal_error"));
                return true;
        }
    }

    /// <summary>Answers a status that was set without a body: no route, a wrong method.</summary>
    public Task WriteStatus(HttpContext context) => Write(context, context.Response.StatusCode switch
    {
        404 => ProblemException.NotFound(context.Request.Path),
        405 => new(405, "method_not_allowed", context.Request.Method),
        413 => new(413, "payload_too_large"),
        415 => new(415, "unsupported_media_type"),
        429 => new(429, "too_many_requests"),
        var status => new(status, status >= 500 ? "internal_error" : "client_error", status),
    });

    /// <summary>The problem document.</summary>
    public static Problem Describe(ProblemException problem, Language language, string traceId) => new()
    {
        Type = TypePrefix + problem.Code,
        Title = Wording.ProblemTitle(language, problem.Code),
        Status = problem.Status,
        Detail = Wording.ProblemDetail(language, problem.Code, problem.Values),
        Instance = Instance(traceId),
        Code = problem.Code,
        TraceId = traceId,
        Errors = problem.Faults.Count == 0 ? null : [.. problem.Faults.Select(fault => fault.In(language))],
    };

    private async Task Write(HttpContext context, ProblemException problem)
    {
        var language = PreferredLanguage(context.Request);
        var traceId = TraceId(context);
        var (response, instance) = (context.Response, Instance(traceId));
        if (problem.Status < 500)
            LogRefused(context.Request.Method, context.Request.Path, problem.Status, problem.Code, instance);
        var body = JsonSerializer.SerializeToUtf8Bytes(Describe(problem, language, traceId), Wire.Json);
        response.StatusCode = problem.Status;
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        response.Headers.ContentLanguage = language == Language.Vietnamese ? "vi" : "en";
        response.Headers.Vary = "Accept-Language";
        // The exception handler has emptied the headers, and set some that contradict this one.
        response.Headers.CacheControl = "no-store";
        response.Headers.Remove("Expires");
        response.Headers.Remove("Pragma");
        ServiceHeaders.Set(response);
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static Language PreferredLanguage(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptLanguage;
        double Quality(string language) => accepted
            .Where(range => range.Value.Equals(language, StringComparison.OrdinalIgnoreCase) || range.Value.StartsWith(language + "-", StringComparison.OrdinalIgnoreCase))
            .Select(range => range.Quality ?? 1).DefaultIfEmpty(0).Max();
        return Quality("vi") > Quality("en") ? Language.Vietnamese : Language.English;
    }

    private static string TraceId(HttpContext context) =>
        (Activity.Current?.TraceId is { } trace && trace != default ? trace : ActivityTraceId.CreateRandom()).ToHexString();

    private static string Instance(string traceId) => $"urn:uuid:{Guid.ParseExact(traceId, "N"):D}";

    [LoggerMessage(Level = LogLevel.Information, Message = "Refused {Method} {Path}: {Status} {Code} ({Instance})")]
    private partial void LogRefused(string method, PathString path, int status, string code, string instance);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store failed on {Method} {Path} ({Instance})")]
    private partial void LogUnavailable(Exception exception, string method, PathString path, string instance);

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed on {Method} {Path} ({Instance})")]
    private partial void LogFailed(Exception exception, string method, PathString path, string instance);
}
