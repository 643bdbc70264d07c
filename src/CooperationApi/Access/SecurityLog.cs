using System.Net;

namespace CooperationApi.Access;

/// <summary>The security log, a category of its own (`CooperationApi.Access`): who came with which key from where, and who was refused. Never a secret, nor a query.</summary>
internal sealed partial class SecurityLog(ILoggerFactory factory)
{
    private readonly ILogger logger = factory.CreateLogger("CooperationApi.Access");

    /// <summary>Somebody came, for the first time in this hour.</summary>
    public void LogUse(Caller caller, HttpContext context) => WriteUse(caller.Id, caller.Role.ToString(), context.Connection.RemoteIpAddress, context.Request.Method, context.Request.Path);

    /// <summary>Somebody was refused; the id is that of the key, if it says one.</summary>
    public void LogRejection(string code, string? id, HttpContext context) => WriteRejection(code, string.IsNullOrEmpty(id) ? "-" : id, context.Connection.RemoteIpAddress, context.Request.Method, context.Request.Path);

    [LoggerMessage(1, LogLevel.Information, "Used {Key} ({Role}) by {Address} for {Method} {Path}, the first time this hour")]
    private partial void WriteUse(string key, string role, IPAddress? address, string method, PathString path);

    [LoggerMessage(2, LogLevel.Warning, "Refused {Code} {Key} by {Address} for {Method} {Path}")]
    private partial void WriteRejection(string code, string key, IPAddress? address, string method, PathString path);

    /// <summary>A key was made.</summary>
    [LoggerMessage(3, LogLevel.Warning, "Made {Key} for '{Name}' as {Role} by {Actor}")]
    public partial void LogCreation(string key, string name, string role, string actor);

    /// <summary>A key was revoked.</summary>
    [LoggerMessage(4, LogLevel.Warning, "Revoked {Key} by {Actor}")]
    public partial void LogRevocation(string key, string actor);

    /// <summary>A key was exchanged for a new one.</summary>
    [LoggerMessage(5, LogLevel.Warning, "Rotated {Key}, now {NewKey}, by {Actor}")]
    public partial void LogRotation(string key, string newKey, string actor);
}
