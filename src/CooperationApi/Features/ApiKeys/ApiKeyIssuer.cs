using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Resources.Validation;
using CooperationApi.Text;

namespace CooperationApi.Features.ApiKeys;

/// <summary>
/// Creates, rotates and revokes API keys for the HTTP routes and the command line, and writes each operation to the security log.
/// </summary>
internal sealed class ApiKeyIssuer(ApiKeyStore store, RecordQueries records, SecurityLog log, TimeProvider time)
{
    private readonly NewKeyValidator newKeyValidator = new();
    private readonly KeyRotationValidator rotationValidator = new();

    /// <summary>Creates a key. Throws 400 with all request errors.</summary>
    public async Task<CreatedKey> Create(NewKey request, string actor, CancellationToken cancel)
    {
        var errors = newKeyValidator.Validate(request).Errors.Select(failure => ValidationRules.ToRequestError(failure)).ToList();
        var expiresAt = request.ExpiresAt is { } text ? Rfc3339.TryParse(text) : null;
        if (request.ExpiresAt is not null && errors.All(error => error.Pointer != "/expiresAt") && !(expiresAt > time.GetUtcNow()))
            errors.Add(new(expiresAt is null ? "invalid_timestamp" : "not_in_future", request.ExpiresAt) { Pointer = "/expiresAt" });
        foreach (var (i, id) in request.ProvinceIds.Index().Where(entry => Slug.IsSlug(entry.Item)))
        {
            if (!await records.Exists(ResourceTypes.Provinces, id, cancel))
                errors.Add(new("unknown_reference", ResourceTypes.Provinces, id)
                {
                    Pointer = $"/provinceIds/{i}",
                    Suggestion = await records.SuggestId(ResourceTypes.Provinces, id, cancel),
                });
        }
        if (errors.Count > 0)
            throw ProblemException.InvalidRequest(errors);
        var (key, secret) = CreateKey(request.Name, request.Role.ToString(), string.Join(' ', request.ProvinceIds), expiresAt, actor);
        await store.Add(key, cancel);
        log.LogCreation(key.Id, key.Name, key.Role, actor);
        return new() { Key = key.ToKey(), Secret = secret };
    }

    /// <summary>
    /// Replaces a key by a new key with the same permissions and lifetime. Throws 404, or 409 if the key is inactive or already rotated.
    /// </summary>
    public async Task<CreatedKey> Rotate(string id, KeyRotation rotation, string actor, CancellationToken cancel)
    {
        rotationValidator.EnsureValid(rotation);
        var secret = "";
        var newKey = await store.Rotate(id, TimeSpan.FromDays(rotation.GracePeriodDays ?? 0), old =>
        {
            (var key, secret) =
                CreateKey(old.Name, old.Role, old.Provinces, old.Lifetime is { } lifetime ? time.GetUtcNow() + lifetime : null, actor);
            return key;
        }, cancel);
        log.LogRotation(id, newKey.Id, actor);
        return new() { Key = newKey.ToKey(), Secret = secret };
    }

    /// <summary>
    /// Revokes a key from the next request on. Throws 404, or 409 for the last active Admin key with <paramref name="protectLastAdmin"/>.
    /// </summary>
    public async Task Revoke(string id, bool protectLastAdmin, string actor, CancellationToken cancel)
    {
        if (await store.Revoke(id, protectLastAdmin, cancel))
            log.LogRevocation(id, actor);
    }

    private (ApiKeyRow Key, string Secret) CreateKey(string name, string role, string provinces, DateTimeOffset? expiresAt, string actor)
    {
        var (id, secret) = ApiKeySecret.Create();
        var key = new ApiKeyRow(id, name, role, provinces, ApiKeySecret.Hash(secret), CreatedAt: time.GetUtcNow().ToIso(),
            CreatedBy: actor, ExpiresAt: expiresAt?.ToIso());
        return (key, secret);
    }
}
