using System.Collections.Concurrent;
using CooperationApi.Jobs;
using Microsoft.AspNetCore.Authentication;

namespace CooperationApi.Access;

/// <summary>
/// Aborts requests whose credentials have become invalid: an event stream, a long poll, a download or an import can last longer than its
/// key or token. Each authenticated request is checked every 5 seconds, for revocation, expiry, role and provinces.
/// </summary>
internal sealed class OpenRequestMonitor(ApiKeyCache keys, TimeProvider time, ILogger<OpenRequestMonitor> logger) : BackgroundJob(logger)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<OpenRequest, bool> requests = new();

    protected override string Name => "Check of open requests";

    protected override TimeSpan RetryDelay => CheckInterval;

    /// <summary>Continues with a request, which is checked until it ends.</summary>
    public async Task Run(HttpContext context, Caller caller, RequestDelegate next)
    {
        var ticket = context.Features.Get<IAuthenticateResultFeature>()!.AuthenticateResult!.Ticket!;
        var request = new OpenRequest(context, caller,
            isKey: ticket.AuthenticationScheme == ApiKeyAuthenticationHandler.SchemeName, ticket.Properties.ExpiresUtc);
        requests[request] = true;
        try
        {
            await next(context);
        }
        finally
        {
            requests.TryRemove(request, out _);
            request.End();
        }
    }

    protected override async Task Run(CancellationToken cancel)
    {
        foreach (var request in requests.Keys)
        {
            if (!await IsValid(request, cancel))
                request.Abort();
        }
    }

    protected override Task WaitUntilDue(CancellationToken cancel) => Task.Delay(CheckInterval, time, cancel);

    private ValueTask<bool> IsValid(OpenRequest request, CancellationToken cancel) => request.IsKey
        ? keys.IsValid(request.Caller, cancel)
        : new(request.ExpiresAt is not { } expiresAt || time.GetUtcNow() < expiresAt + TokenEvents.ClockSkew);

    private sealed class OpenRequest(HttpContext context, Caller caller, bool isKey, DateTimeOffset? expiresAt)
    {
        private readonly Lock endLock = new();
        private bool hasEnded;

        public Caller Caller => caller;

        /// <summary>True for an API key, false for a token.</summary>
        public bool IsKey => isKey;

        /// <summary>The expiry of a token.</summary>
        public DateTimeOffset? ExpiresAt => expiresAt;

        // The server reuses the context for the next request of the connection.
        public void End()
        {
            lock (endLock)
                hasEnded = true;
        }

        public void Abort()
        {
            lock (endLock)
            {
                if (!hasEnded)
                    context.Abort();
            }
        }
    }
}
