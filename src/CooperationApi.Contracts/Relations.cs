using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Contracts;

/// <summary>The other province units with which a province unit cooperates.</summary>
public sealed record ProvinceRelations
{
    /// <summary>
    /// The ids of the units that are included: the unit itself; with `unit=current` the current unit, then its former units.
    /// </summary>
    [Length(1, 200), Slug]
    public required IReadOnlyList<string> Units { get; init; }

    /// <summary>The other units, by the number of shared records in descending order, then by id.</summary>
    [Length(0, 1000)]
    public required IReadOnlyList<Relation> Items { get; init; }

    /// <summary>The contributions that no sum includes, because a probably identical contribution is counted.</summary>
    [Length(0, Limits.MaxStatisticsRows)]
    public required IReadOnlyList<ExcludedContribution> Excluded { get; init; }

    /// <summary>The revision of the data set to which the response belongs.</summary>
    public required long Revision { get; init; }
}

/// <summary>The meetings, agreements, commitments, results and contributions that two province units share.</summary>
public sealed record Relation
{
    /// <summary>The id of the other unit; with `unit=current` a current unit.</summary>
    [Slug]
    public required string ProvinceId { get; init; }

    /// <summary>The current name of the other unit, or its last name if the unit has ended.</summary>
    [Length(1, 100)]
    public required string Name { get; init; }

    /// <summary>
    /// The ids of the units that are included: the other unit itself; with `unit=current` the current unit, then its former units.
    /// </summary>
    [Length(1, 200), Slug]
    public required IReadOnlyList<string> Units { get; init; }

    /// <summary>The number of meetings that both units share, without the parts of meetings (`parentId`).</summary>
    public required long Meetings { get; init; }

    /// <summary>The number of agreements that bind both units.</summary>
    public required long Agreements { get; init; }

    /// <summary>The number of commitments that concern both units.</summary>
    public required long Commitments { get; init; }

    /// <summary>The number of results that concern both units, or that one of them gave to the other.</summary>
    public required long Results { get; init; }

    /// <summary>The total number of these records.</summary>
    public required long Records { get; init; }

    /// <summary>
    /// The date of the first meeting, agreement or result with a known year; a month or a year sorts at its start. Absent if there is none.
    /// </summary>
    public PartialDate? Since { get; init; }

    /// <summary>The date of the last of these records.</summary>
    public PartialDate? Last { get; init; }

    /// <summary>The first of these meetings with a known year.</summary>
    public RelationMeeting? FirstMeeting { get; init; }

    /// <summary>The last of these meetings with a known year.</summary>
    public RelationMeeting? LastMeeting { get; init; }

    /// <summary>The sums of the contributions, separate for each direction, currency and unit.</summary>
    [Length(0, 1000)]
    public required IReadOnlyList<RelationSum> Contributions { get; init; }
}

/// <summary>A dated meeting of two province units.</summary>
public sealed record RelationMeeting
{
    /// <summary>The id of the meeting.</summary>
    [Slug]
    public required string Id { get; init; }

    /// <summary>The date, to the known precision.</summary>
    public required PartialDate HeldOn { get; init; }
}

/// <summary>A sum of contributions in one direction.</summary>
public sealed record RelationSum : ContributionSum
{
    /// <summary>The direction.</summary>
    public required Direction Direction { get; init; }
}

/// <summary>
/// The direction of a contribution: Given (by the requested province unit or its organizations to the other unit), Received (from the other
/// unit), Unknown (the record has neither the id of a giver nor of a receiver).
/// </summary>
public enum Direction
{
    Given,
    Received,
    Unknown,
}
