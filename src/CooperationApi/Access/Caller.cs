using System.Security.Claims;
using CooperationApi.Contracts;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace CooperationApi.Access;

/// <summary>
/// An authenticated caller, as the principal of the request. <paramref name="id"/> is the id of the key or the subject of the token;
/// <paramref name="name"/> is the actor in the history; <paramref name="provinces"/> are the ids of the provinces whose records the caller
/// may write, null for all.
/// </summary>
internal sealed class Caller(string id, string name, Role role, IReadOnlySet<string>? provinces) : ClaimsPrincipal(new ClaimsIdentity(
    [new(ClaimTypes.NameIdentifier, id), new(ClaimTypes.Name, name), new(ClaimTypes.Role, role.ToString())], "Bearer"))
{
    /// <summary>The value for all provinces, in a key and in a claim. An empty list means none.</summary>
    public const string AllProvinces = "*";

    public string Id => id;

    public string Name => name;

    public Role Role => role;

    public IReadOnlySet<string>? Provinces => provinces;

    /// <summary>
    /// Returns the caller of a request; null if it is anonymous. `HttpContext.User` would create an empty principal for an anonymous
    /// request.
    /// </summary>
    public static Caller? Find(HttpContext context) => context.Features.Get<IHttpAuthenticationFeature>()?.User as Caller;

    /// <summary>
    /// True if the caller may write a record that refers to these provinces: at least one is the caller's. A caller with provinces may not
    /// write a record without provinces. Check the current and the new record, so that no record moves into or out of the caller's
    /// provinces.
    /// </summary>
    public bool CanWrite(IEnumerable<string> provinceIds) => Provinces is null || provinceIds.Any(Provinces.Contains);

    /// <summary>Throws 403 `province_forbidden` unless <see cref="CanWrite"/> is true.</summary>
    public void EnsureCanWrite(IEnumerable<string> provinceIds)
    {
        if (!CanWrite(provinceIds))
            throw AccessProblems.OutsideProvinces(Provinces!);
    }
}
