namespace CooperationApi.Contracts;

/// <summary>A Party committee, council, people's committee, front, fund, enterprise, hospital or similar body.</summary>
public sealed record Organization : CitedRecord
{
    /// <summary>The name of the organization.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of organization.</summary>
    public required OrganizationKind Kind { get; init; }

    /// <summary>The id of the province unit of the organization.</summary>
    public string? ProvinceId { get; init; }

    /// <summary>The id of the organization that this organization is part of.</summary>
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
