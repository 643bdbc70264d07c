using System.Net;

namespace CooperationApi.Access;

/// <summary>
/// The security log, with the category `CooperationApi.Access`: use, rejection, creation, rotation and revocation of keys. Never logs
/// secrets or query strings.
/// </summary>
internal sealed partial class SecurityLog(ILoggerFactory factory)
{
    private readonly ILogger logger = factory.CreateLogger("CooperationApi.Access");

    /// <summary>Logs the first use of a key or token in an hour.</summary>
    public void LogUse(Caller caller, HttpContext context) =>
        WriteUse(caller.Id, caller.Role.ToString(), context.Connection.RemoteIpAddress, context.Request.Method, context.Request.Path);

    /// <summary>Logs a rejected request, with the id of the key if it is known.</summary>
    public void LogRejection(string code, string? id, HttpContext context) =>
        WriteRejection(code, string.IsNullOrEmpty(id) ? "-" : id, context.Connection.RemoteIpAddress, context.Request.Method,
            context.Request.Path);

    [LoggerMessage(1, LogLevel.Information, "First use this hour: {Key} ({Role}) from {Address}, {Method} {Path}")]
    private partial void WriteUse(string key, string role, IPAddress? address, string method, PathString path);

    [LoggerMessage(2, LogLevel.Warning, "Request rejected: {Code}, key {Key}, from {Address}, {Method} {Path}")]
    private partial void WriteRejection(string code, string key, IPAddress? address, string method, PathString path);

    /// <summary>Logs the creation of a key.</summary>
    [LoggerMessage(3, LogLevel.Warning, "Key created: {Key} '{Name}', role {Role}, by {Actor}")]
    public partial void LogCreation(string key, string name, string role, string actor);

    /// <summary>Logs the revocation of a key.</summary>
    [LoggerMessage(4, LogLevel.Warning, "Key revoked: {Key}, by {Actor}")]
    public partial void LogRevocation(string key, string actor);

    /// <summary>Logs the rotation of a key.</summary>
    [LoggerMessage(5, LogLevel.Warning, "Key rotated: {Key}, replaced by {NewKey}, by {Actor}")]
    public partial void LogRotation(string key, string newKey, string actor);
}
