using CooperationApi.Contracts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;

namespace CooperationApi.Access;

/// <summary>
/// The authorization policies, one per role: the policy is met by its role and all higher roles. An endpoint without a policy is open. If
/// `Access:AllowAnonymousRead` is false, it requires the policy Reader, unless it allows anonymous callers.
/// </summary>
internal static class Policies
{
    public const string Reader = nameof(Role.Reader), Editor = nameof(Role.Editor), Admin = nameof(Role.Admin);

    /// <summary>The policy of the metrics: a direct request of this machine or of a trusted proxy, or the role Admin.</summary>
    public const string Metrics = "Metrics";

    /// <summary>Registers the policies.</summary>
    public static void Configure(AuthorizationOptions authorization, AccessOptions access)
    {
        foreach (var role in Enum.GetValues<Role>())
            authorization.AddPolicy(role.ToString(),
                policy => policy.RequireRole(Enum.GetValues<Role>().Where(higher => higher >= role).Select(higher => higher.ToString())));
        authorization.AddPolicy(Metrics, policy => policy.AddRequirements(new DirectRequestRequirement([Admin], access)));
        authorization.FallbackPolicy = access.AllowAnonymousRead ? null : authorization.GetPolicy(Reader);
    }

    /// <summary>Returns the lowest role that meets a policy.</summary>
    public static Role GetRequiredRole(AuthorizationPolicy policy) =>
        policy.Requirements.OfType<RolesAuthorizationRequirement>().SelectMany(requirement => requirement.AllowedRoles)
            .Min(Enum.Parse<Role>);
}
