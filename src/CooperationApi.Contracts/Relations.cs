namespace CooperationApi.Contracts;

/// <summary>With whom a province cooperates.</summary>
public sealed record ProvinceRelations
{
    /// <summary>The ids of the units that the province stands for: itself; with `unit=current` today's first, then those that it was made of.</summary>
    public required IReadOnlyList<string> Units { get; init; }

    /// <summary>The others, by how many records name both: the most first, equal ones by their id.</summary>
    public required IReadOnlyList<Relation> Items { get; init; }

    /// <summary>Contributions that make up no sum, because one that is probably the same does.</summary>
    public required IReadOnlyList<ExcludedContribution> Excluded { get; init; }

    /// <summary>The number of the last change that the answer takes into account.</summary>
    public required long Revision { get; init; }
}

/// <summary>How often a province and another met, agreed and delivered, since when, and what was given.</summary>
public sealed record Relation
{
    /// <summary>The other province; with `unit=current` today's unit.</summary>
    public required string ProvinceId { get; init; }

    /// <summary>Its name: today's, or its last.</summary>
    public required string Name { get; init; }

    /// <summary>The ids of the units that it stands for: itself; with `unit=current` today's first, then those that it was made of.</summary>
    public required IReadOnlyList<string> Units { get; init; }

    /// <summary>How many meetings were of both.</summary>
    public required long Meetings { get; init; }

    /// <summary>How many agreements bind both.</summary>
    public required long Agreements { get; init; }

    /// <summary>How many commitments concern both.</summary>
    public required long Commitments { get; init; }

    /// <summary>How many results concern both, or are from one to the other.</summary>
    public required long Results { get; init; }

    /// <summary>All of these together.</summary>
    public required long Records { get; init; }

    /// <summary>The first meeting, agreement or result of both whose year is known; a month or a year stands where it begins. Absent where there is none.</summary>
    public PartialDate? Since { get; init; }

    /// <summary>The last of them.</summary>
    public PartialDate? Last { get; init; }

    /// <summary>What was given, each way, currency and unit for itself.</summary>
    public required IReadOnlyList<RelationSum> Contributions { get; init; }
}

/// <summary>A sum of what was given one way.</summary>
public sealed record RelationSum : ContributionSum
{
    /// <summary>Which way.</summary>
    public required Direction Direction { get; init; }
}

/// <summary>
/// Which way something was given: Given by the province asked for, or its organizations, to the other; Received from it; Unknown where the record names
/// neither the giver nor the receiver.
/// </summary>
public enum Direction
{
    Given,
    Received,
    Unknown,
}
