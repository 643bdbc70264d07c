using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Resources;

namespace CooperationApi.Keys;

/// <summary>Where keys are made, exchanged and revoked, over HTTP and from the command line alike; all of it stands in the security log.</summary>
internal sealed class KeyDesk(KeyStore store, ResourceStore records, AccessLog log, TimeProvider time)
{
    private readonly NewKeyRules rules = new();
    private readonly KeyRotationRules rotationRules = new();

    /// <summary>Makes a key. Throws all that is wrong with it.</summary>
    public async Task<MadeKey> Make(NewKey wanted, string by, CancellationToken cancel)
    {
        var faults = rules.Validate(wanted).Errors.Select(failure => Rules.FaultOf(failure)).ToList();
        var expiresAt = wanted.ExpiresAt is { } text ? Moment.Read(text) : null;
        if (wanted.ExpiresAt is not null && faults.All(fault => fault.Pointer != "/expiresAt") && !(expiresAt > time.GetUtcNow()))
            faults.Add(new(expiresAt is null ? "invalid_moment" : "not_in_future", wanted.ExpiresAt) { Pointer = "/expiresAt" });
        foreach (var (i, id) in wanted.ProvinceIds.Index().Where(place => Slug.IsSlug(place.Item)))
        {
            if ((await records.Missing("provinces", [id], cancel)).Count > 0)
                faults.Add(new("unknown_reference", "provinces", id) { Pointer = $"/provinceIds/{i}" });
        }
        if (faults.Count > 0)
            throw ProblemException.Invalid(faults);
        var (key, secret) = New(wanted.Name, wanted.Role.ToString(), string.Join(' ', wanted.ProvinceIds), expiresAt, by);
        await store.Add(key, cancel);
        log.Made(key.Id, key.Name, key.Role, by);
        return new() { Key = key.ToKey(), Secret = secret };
    }

    /// <summary>Exchanges a key for one that is as good and lives as long as that was to. Throws 404, or 409 if the key is over.</summary>
    public async Task<MadeKey> Rotate(string id, KeyRotation rotation, string by, CancellationToken cancel)
    {
        rotationRules.Check(rotation);
        var secret = "";
        var made = await store.Rotate(id, TimeSpan.FromDays(rotation.OverlapDays ?? 0), old =>
        {
            (var key, secret) = New(old.Name, old.Role, old.Provinces, old.Life is { } life ? time.GetUtcNow() + life : null, by);
            return key;
        }, cancel);
        log.Rotated(id, made.Id, by);
        return new() { Key = made.ToKey(), Secret = secret };
    }

    /// <summary>Revokes a key, from the next request on. Throws 404, and 409 for the last living key of an Admin where that is to be spared.</summary>
    public async Task Revoke(string id, bool isLastAdminSpared, string by, CancellationToken cancel)
    {
        if (await store.Revoke(id, isLastAdminSpared, cancel))
            log.Revoked(id, by);
    }

    private (KeptKey Key, string Secret) New(string name, string role, string provinces, DateTimeOffset? expiresAt, string by)
    {
        var (id, secret) = Secret.Make();
        return (new()
        {
            Id = id,
            Name = name,
            Role = role,
            Provinces = provinces,
            Hash = Secret.Hash(secret),
            MadeAt = time.GetUtcNow().ToIso(),
            MadeBy = by,
            ExpiresAt = expiresAt?.ToIso(),
        }, secret);
    }
}
