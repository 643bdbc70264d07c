namespace CooperationApi.Http;

/// <summary>
/// Responds to OPTIONS with 204 and `Allow`. Routing selects an endpoint that sets `Allow` and the status 405, because no route maps
/// OPTIONS.
/// </summary>
internal sealed class OptionsMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        HttpMethods.IsOptions(context.Request.Method) && context.GetEndpoint()?.RequestDelegate is { } setAllowedMethods
            ? Respond(context, setAllowedMethods)
            : next(context);

    private static async Task Respond(HttpContext context, RequestDelegate setAllowedMethods)
    {
        await setAllowedMethods(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
