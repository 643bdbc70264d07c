namespace CooperationApi.Contracts;

/// <summary>A party committee, council, people's committee, front, fund, enterprise, hospital or the like.</summary>
public sealed record Organization : CitedRecord
{
    /// <summary>The organization's name.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of organization it is.</summary>
    public required OrganizationKind Kind { get; init; }

    /// <summary>The province that it belongs to.</summary>
    public string? ProvinceId { get; init; }

    /// <summary>The organization that it is part of.</summary>
    public string? ParentId { get; init; }
}

/// <summary>The kinds of organizations.</summary>
public enum OrganizationKind
{
    PartyCommittee,
    PeoplesCouncil,
    PeoplesCommittee,
    FatherlandFront,
    MassOrganization,
    Agency,
    Delegation,
    Fund,
    Enterprise,
    Hospital,
    School,
    Press,
    Other,
}
