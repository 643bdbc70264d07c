namespace CooperationApi.Contracts;

/// <summary>Contributions added up: each currency for itself, and things by their unit.</summary>
public sealed record ContributionStatistics
{
    /// <summary>What the rows are told apart by, besides what is counted.</summary>
    public required IReadOnlyList<string> By { get; init; }

    /// <summary>The sums, in the order of what they are told apart by; what has no such value comes first.</summary>
    public required IReadOnlyList<ContributionRow> Items { get; init; }

    /// <summary>How many contributions make up the rows.</summary>
    public required int Contributions { get; init; }

    /// <summary>How many of them stand in more than one row: those in several groups, if groups are told apart, and those of both money and things.</summary>
    public required int InSeveralRows { get; init; }

    /// <summary>Contributions that make up no row, because one that is probably the same does.</summary>
    public required IReadOnlyList<ExcludedContribution> Excluded { get; init; }

    /// <summary>The number of the last change that the figures take into account.</summary>
    public required long Revision { get; init; }
}

/// <summary>A sum of contributions of one currency, or of things of one unit; of those that are neither, how many there are.</summary>
public abstract record ContributionSum
{
    /// <summary>The money's ISO 4217 code.</summary>
    public string? Currency { get; init; }

    /// <summary>How much money, in whole units of the currency.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Of what: the unit in which the quantity is counted.</summary>
    public string? Unit { get; init; }

    /// <summary>How many.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>`true` if a source says "about" of any part.</summary>
    public bool? Approximate { get; init; }

    /// <summary>`true` if a source says "over" of any part.</summary>
    public bool? AtLeast { get; init; }

    /// <summary>`true` if a source says "nearly" or "up to" of any part.</summary>
    public bool? AtMost { get; init; }

    /// <summary>How many contributions make it up.</summary>
    public required int Count { get; init; }

    /// <summary>The ids of these results, in their order; the first hundred if there are more.</summary>
    public required IReadOnlyList<string> Ids { get; init; }
}

/// <summary>A sum, and what the contributions in it have in common.</summary>
public sealed record ContributionRow : ContributionSum
{
    /// <summary>The year in which they were given, or in which that began; absent where it is not known.</summary>
    public int? Year { get; init; }

    /// <summary>Who gave: the id of a province or an organization.</summary>
    public string? GiverId { get; init; }

    /// <summary>Who gave, in the source's words, where no record stands for them.</summary>
    public string? Giver { get; init; }

    /// <summary>Who received: the id of a province or an organization.</summary>
    public string? ReceiverId { get; init; }

    /// <summary>Who received, in the source's words, where no record stands for them.</summary>
    public string? Receiver { get; init; }

    /// <summary>The group of cooperation; absent for contributions that are in none.</summary>
    public string? GroupId { get; init; }
}

/// <summary>A contribution that is not counted.</summary>
public sealed record ExcludedContribution
{
    /// <summary>The result's identifier.</summary>
    public required string Id { get; init; }

    /// <summary>The result that is probably the same, and is counted.</summary>
    public required string CountedId { get; init; }

    /// <summary>Why that one is counted and not this.</summary>
    public required ExclusionReason Reason { get; init; }

    /// <summary>The money's ISO 4217 code.</summary>
    public string? Currency { get; init; }

    /// <summary>How much money is not counted here.</summary>
    public decimal? Amount { get; init; }

    /// <summary>The unit of the quantity.</summary>
    public string? Unit { get; init; }

    /// <summary>How many are not counted here.</summary>
    public decimal? Quantity { get; init; }
}

/// <summary>
/// Why of contributions that are probably the same one is counted and not another: it is LessExact (an "about", "over" or "nearly" where the one that
/// is counted has none), or as exact, and by its id NotTheFirst.
/// </summary>
public enum ExclusionReason
{
    LessExact,
    NotTheFirst,
}

/// <summary>Commitments counted.</summary>
public sealed record CommitmentStatistics
{
    /// <summary>What the rows are told apart by.</summary>
    public required IReadOnlyList<string> By { get; init; }

    /// <summary>The counts, in the order of what they are told apart by; what has no such value comes first.</summary>
    public required IReadOnlyList<CommitmentRow> Items { get; init; }

    /// <summary>How many commitments there are in all.</summary>
    public required long Commitments { get; init; }

    /// <summary>How many of them stand in more than one row: those in several groups, if groups or their pillars are told apart.</summary>
    public required long InSeveralRows { get; init; }

    /// <summary>The day up to which the days are counted: today in Vietnam.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>The number of the last change that the figures take into account.</summary>
    public required long Revision { get; init; }
}

/// <summary>How many commitments have something in common, and how old what is known of them is.</summary>
public sealed record CommitmentRow
{
    /// <summary>How far they have got.</summary>
    public CommitmentStatus? Status { get; init; }

    /// <summary>The pillar of their groups of cooperation; absent for those in no group, or in one without a pillar.</summary>
    public Pillar? Pillar { get; init; }

    /// <summary>The group of cooperation; absent for those that are in none.</summary>
    public string? GroupId { get; init; }

    /// <summary>How many there are.</summary>
    public required long Count { get; init; }

    /// <summary>How many days the latest of their `statusAsOf` is ago; of a month or a year, its last day.</summary>
    public int? MinDays { get; init; }

    /// <summary>How many days the earliest is ago; of a month or a year, its first day.</summary>
    public int? MaxDays { get; init; }

    /// <summary>How many have no `statusAsOf`, or one without a year.</summary>
    public required long WithoutDate { get; init; }
}

/// <summary>Meetings counted.</summary>
public sealed record MeetingStatistics
{
    /// <summary>What the rows are told apart by.</summary>
    public required IReadOnlyList<string> By { get; init; }

    /// <summary>The counts, in the order of what they are told apart by; what has no such value comes first.</summary>
    public required IReadOnlyList<MeetingRow> Items { get; init; }

    /// <summary>How many meetings there are in all.</summary>
    public required long Meetings { get; init; }

    /// <summary>How many of them stand in more than one row: those of three provinces or more, if pairs are told apart, once for each pair.</summary>
    public required long InSeveralRows { get; init; }

    /// <summary>The number of the last change that the figures take into account.</summary>
    public required long Revision { get; init; }
}

/// <summary>How many meetings there were in a year, of a pair of provinces, or both.</summary>
public sealed record MeetingRow
{
    /// <summary>The year; absent where it is not known.</summary>
    public int? Year { get; init; }

    /// <summary>Of the pair, as units of that day, the province whose id comes first; absent for meetings of fewer than two provinces.</summary>
    public string? ProvinceId { get; init; }

    /// <summary>The other province of the pair.</summary>
    public string? OtherProvinceId { get; init; }

    /// <summary>How many there were.</summary>
    public required long Count { get; init; }
}

/// <summary>On how much evidence the record rests, and of what kind that is.</summary>
public sealed record CoverageStatistics
{
    /// <summary>Each type of record.</summary>
    public required IReadOnlyList<CitationCoverage> Items { get; init; }

    /// <summary>All types together. Sources are counted as records; they cite nothing.</summary>
    public required CitationCoverage Total { get; init; }

    /// <summary>The number of the last change that the figures take into account.</summary>
    public required long Revision { get; init; }
}

/// <summary>How many records there are, and how they are supported.</summary>
public sealed record CitationCoverage
{
    /// <summary>The type, as in the path; absent of all types together.</summary>
    public string? Type { get; init; }

    /// <summary>How many records there are.</summary>
    public required long Records { get; init; }

    /// <summary>How many citations they have together.</summary>
    public required long Citations { get; init; }

    /// <summary>How many citations one has on average, to two decimals; absent where there are no records.</summary>
    public double? CitationsPerRecord { get; init; }

    /// <summary>The citations that a source states in words.</summary>
    public required CitationShare Stated { get; init; }

    /// <summary>The citations from which the editors infer.</summary>
    public required CitationShare Inferred { get; init; }

    /// <summary>The citations of a source whose text is not at hand.</summary>
    public required CitationShare Referenced { get; init; }
}

/// <summary>A part of all citations.</summary>
public sealed record CitationShare
{
    /// <summary>How many they are.</summary>
    public required long Count { get; init; }

    /// <summary>Which part of all they are, from 0 to 1, to four decimals; absent where there are none at all.</summary>
    public double? Fraction { get; init; }
}
