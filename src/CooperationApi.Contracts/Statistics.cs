using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Contracts;

/// <summary>Sums of contributions, separate for each currency and unit.</summary>
public sealed record ContributionStatistics
{
    /// <summary>The columns by which the rows are grouped, besides currency and unit.</summary>
    [Length(1, 5), AllowedItems("year", "giver", "receiver", "currency", "group")]
    public required IReadOnlyList<string> By { get; init; }

    /// <summary>The sums, sorted by the columns of `by`; rows without a value come first.</summary>
    [Length(0, Limits.MaxStatisticsRows)]
    public required IReadOnlyList<ContributionRow> Items { get; init; }

    /// <summary>The number of contributions that the rows include.</summary>
    public required int Contributions { get; init; }

    /// <summary>
    /// The number of contributions in more than one row. These are the contributions with both an amount and a quantity and, with
    /// `by=group`, the contributions in several groups.
    /// </summary>
    public required int InSeveralRows { get; init; }

    /// <summary>The contributions that no sum includes, because a probably identical contribution is counted.</summary>
    [Length(0, Limits.MaxStatisticsRows)]
    public required IReadOnlyList<ExcludedContribution> Excluded { get; init; }

    /// <summary>The revision of the data set to which the figures belong.</summary>
    public required long Revision { get; init; }
}

/// <summary>The sum of contributions of one currency or one unit. Contributions with neither are counted only.</summary>
public abstract record ContributionSum
{
    /// <summary>The ISO 4217 code of the currency.</summary>
    [Pattern(Patterns.Currency, 3)]
    public string? Currency { get; init; }

    /// <summary>The amount of money, in whole units of the currency.</summary>
    public long? Amount { get; init; }

    /// <summary>The unit of the quantity.</summary>
    [Length(1, 100)]
    public string? Unit { get; init; }

    /// <summary>The quantity.</summary>
    [Range(0, Limits.MaxSafeInteger)]
    public decimal? Quantity { get; init; }

    /// <summary>True if a source says "about" for at least one contribution in the sum.</summary>
    public bool? Approximate { get; init; }

    /// <summary>True if a source says "over" for at least one contribution in the sum.</summary>
    public bool? AtLeast { get; init; }

    /// <summary>True if a source says "nearly" or "up to" for at least one contribution in the sum.</summary>
    public bool? AtMost { get; init; }

    /// <summary>The number of contributions in the sum.</summary>
    public required int Count { get; init; }

    /// <summary>The ids of these results, in ascending order; at most the first 100.</summary>
    [Length(0, Limits.MaxSumIds), Slug]
    public required IReadOnlyList<string> Ids { get; init; }
}

/// <summary>The sum of the contributions with the same values in the columns of `by`.</summary>
public sealed record ContributionRow : ContributionSum
{
    /// <summary>
    /// The year in which the contributions were given or began, or of the meeting at which an undated one was given; absent if unknown.
    /// </summary>
    public int? Year { get; init; }

    /// <summary>
    /// The number of contributions without a date of their own, whose year is that of their meeting; absent if there are none.
    /// </summary>
    public int? DatedByMeeting { get; init; }

    /// <summary>The id of the giver: a province unit or an organization.</summary>
    [Slug]
    public string? GiverId { get; init; }

    /// <summary>The giver in the words of the source, if no record describes it.</summary>
    [Length(1, 300)]
    public string? Giver { get; init; }

    /// <summary>The id of the receiver: a province unit or an organization.</summary>
    [Slug]
    public string? ReceiverId { get; init; }

    /// <summary>The receiver in the words of the source, if no record describes it.</summary>
    [Length(1, 300)]
    public string? Receiver { get; init; }

    /// <summary>The id of the cooperation group; absent for contributions without a group.</summary>
    [Slug]
    public string? GroupId { get; init; }
}

/// <summary>A contribution that is not counted.</summary>
public sealed record ExcludedContribution
{
    /// <summary>The id of the result.</summary>
    [Slug]
    public required string Id { get; init; }

    /// <summary>The id of the result that is counted instead: a probably identical one, or the whole of which this one is a part.</summary>
    [Slug]
    public required string CountedId { get; init; }

    /// <summary>The reason for the exclusion.</summary>
    public required ExclusionReason Reason { get; init; }

    /// <summary>The ISO 4217 code of the currency.</summary>
    [Pattern(Patterns.Currency, 3)]
    public string? Currency { get; init; }

    /// <summary>The amount of money that is not counted.</summary>
    public long? Amount { get; init; }

    /// <summary>The unit of the quantity.</summary>
    [Length(1, 100)]
    public string? Unit { get; init; }

    /// <summary>The quantity that is not counted.</summary>
    [Range(0, Limits.MaxSafeInteger)]
    public decimal? Quantity { get; init; }
}

/// <summary>
/// The reason why another contribution is counted instead: LessExact (the excluded contribution is probably identical and less exact:
/// "about", "over" or "nearly"), NotTheFirst (both are equally exact, and the counted contribution has the first id), PartOfCounted (the
/// counted contribution includes it).
/// </summary>
public enum ExclusionReason
{
    LessExact,
    NotTheFirst,
    PartOfCounted,
}

/// <summary>Counts of commitments.</summary>
public sealed record CommitmentStatistics
{
    /// <summary>The columns by which the rows are grouped.</summary>
    [Length(1, 3), AllowedItems("status", "pillar", "group")]
    public required IReadOnlyList<string> By { get; init; }

    /// <summary>The counts, sorted by the columns of `by`; rows without a value come first.</summary>
    [Length(0, Limits.MaxStatisticsRows)]
    public required IReadOnlyList<CommitmentRow> Items { get; init; }

    /// <summary>The total number of commitments.</summary>
    public required long Commitments { get; init; }

    /// <summary>
    /// The number of commitments in more than one row. With `by=group` or `by=pillar`, these are the commitments in several groups or
    /// pillars.
    /// </summary>
    public required long InSeveralRows { get; init; }

    /// <summary>The current date in Vietnam, from which the days are counted back.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>The revision of the data set to which the figures belong.</summary>
    public required long Revision { get; init; }
}

/// <summary>The number of commitments with the same values in the columns of `by`, and the age of their statuses.</summary>
public sealed record CommitmentRow
{
    /// <summary>The status.</summary>
    public CommitmentStatus? Status { get; init; }

    /// <summary>The pillar of the cooperation group; absent for commitments without a group, or in a group without a pillar.</summary>
    public Pillar? Pillar { get; init; }

    /// <summary>The id of the cooperation group; absent for commitments without a group.</summary>
    [Slug]
    public string? GroupId { get; init; }

    /// <summary>The number of commitments.</summary>
    public required long Count { get; init; }

    /// <summary>The number of days since the latest `statusAsOf`. A month or a year counts from its last day.</summary>
    public int? MinDays { get; init; }

    /// <summary>The number of days since the earliest `statusAsOf`. A month or a year counts from its first day.</summary>
    public int? MaxDays { get; init; }

    /// <summary>The number of commitments without `statusAsOf`, or whose `statusAsOf` has no year.</summary>
    public required long WithoutDate { get; init; }
}

/// <summary>Counts of meetings.</summary>
public sealed record MeetingStatistics
{
    /// <summary>The columns by which the rows are grouped.</summary>
    [Length(1, 2), AllowedItems("year", "pair")]
    public required IReadOnlyList<string> By { get; init; }

    /// <summary>The counts, sorted by the columns of `by`; rows without a value come first.</summary>
    [Length(0, Limits.MaxStatisticsRows)]
    public required IReadOnlyList<MeetingRow> Items { get; init; }

    /// <summary>The total number of meetings.</summary>
    public required long Meetings { get; init; }

    /// <summary>
    /// The number of meetings in more than one row. With `by=pair`, these are the meetings of three or more provinces, which count once per
    /// pair.
    /// </summary>
    public required long InSeveralRows { get; init; }

    /// <summary>The revision of the data set to which the figures belong.</summary>
    public required long Revision { get; init; }
}

/// <summary>The number of meetings of a year, of a pair of provinces, or of both.</summary>
public sealed record MeetingRow
{
    /// <summary>The year; absent if unknown.</summary>
    public int? Year { get; init; }

    /// <summary>
    /// The id of the first province unit of the pair, in the order of ids: a unit that existed on the day of the meeting. Absent for
    /// meetings of fewer than two provinces.
    /// </summary>
    [Slug]
    public string? ProvinceId { get; init; }

    /// <summary>The id of the second province unit of the pair.</summary>
    [Slug]
    public string? OtherProvinceId { get; init; }

    /// <summary>The number of meetings.</summary>
    public required long Count { get; init; }
}

/// <summary>Counts of results.</summary>
public sealed record ResultStatistics
{
    /// <summary>The columns by which the rows are grouped.</summary>
    [Length(1, 5), AllowedItems("kind", "group", "year", "giver", "receiver")]
    public required IReadOnlyList<string> By { get; init; }

    /// <summary>The counts, sorted by the columns of `by`; rows without a value come first.</summary>
    [Length(0, Limits.MaxStatisticsRows)]
    public required IReadOnlyList<ResultRow> Items { get; init; }

    /// <summary>The total number of results.</summary>
    public required long Results { get; init; }

    /// <summary>The number of results in more than one row. With `by=group`, these are the results in several groups.</summary>
    public required long InSeveralRows { get; init; }

    /// <summary>The revision of the data set to which the figures belong.</summary>
    public required long Revision { get; init; }
}

/// <summary>The number of results with the same values in the columns of `by`.</summary>
public sealed record ResultRow
{
    /// <summary>The kind of result.</summary>
    public ResultKind? Kind { get; init; }

    /// <summary>The id of the cooperation group; absent for results without a group.</summary>
    [Slug]
    public string? GroupId { get; init; }

    /// <summary>
    /// The year in which the results were delivered or began, or of the meeting at which an undated one was given; absent if unknown.
    /// </summary>
    public int? Year { get; init; }

    /// <summary>The id of the giver: a province unit or an organization.</summary>
    [Slug]
    public string? GiverId { get; init; }

    /// <summary>The giver in the words of the source, if no record describes it.</summary>
    [Length(1, 300)]
    public string? Giver { get; init; }

    /// <summary>The id of the receiver: a province unit or an organization.</summary>
    [Slug]
    public string? ReceiverId { get; init; }

    /// <summary>The receiver in the words of the source, if no record describes it.</summary>
    [Length(1, 300)]
    public string? Receiver { get; init; }

    /// <summary>The number of results.</summary>
    public required long Count { get; init; }
}

/// <summary>Counts of agreements.</summary>
public sealed record AgreementStatistics
{
    /// <summary>The columns by which the rows are grouped.</summary>
    [Length(1, 3), AllowedItems("year", "pair", "pillar")]
    public required IReadOnlyList<string> By { get; init; }

    /// <summary>The counts, sorted by the columns of `by`; rows without a value come first.</summary>
    [Length(0, Limits.MaxStatisticsRows)]
    public required IReadOnlyList<AgreementRow> Items { get; init; }

    /// <summary>The total number of agreements.</summary>
    public required long Agreements { get; init; }

    /// <summary>The number of agreements in more than one row: those of several pairs, or with groups in several pillars.</summary>
    public required long InSeveralRows { get; init; }

    /// <summary>The revision of the data set to which the figures belong.</summary>
    public required long Revision { get; init; }
}

/// <summary>The number of agreements of a year, a pair of provinces or a pillar.</summary>
public sealed record AgreementRow
{
    /// <summary>The year of adoption; absent if unknown.</summary>
    public int? Year { get; init; }

    /// <summary>
    /// The id of the first province unit of the pair, in the order of ids; absent for agreements of fewer than two provinces.
    /// </summary>
    [Slug]
    public string? ProvinceId { get; init; }

    /// <summary>The id of the second province unit of the pair.</summary>
    [Slug]
    public string? OtherProvinceId { get; init; }

    /// <summary>The pillar; absent for agreements without pillars.</summary>
    public Pillar? Pillar { get; init; }

    /// <summary>The number of agreements.</summary>
    public required long Count { get; init; }
}

/// <summary>The traceability of commitments and results.</summary>
public sealed record TraceabilityStatistics
{
    /// <summary>The commitments. Those with a result that fulfils them are joined.</summary>
    public required TraceabilityCounts Commitments { get; init; }

    /// <summary>The results. Those that fulfil a commitment are joined.</summary>
    public required TraceabilityCounts Results { get; init; }

    /// <summary>The revision of the data set to which the figures belong.</summary>
    public required long Revision { get; init; }
}

/// <summary>The numbers of records that are joined, cited, quoted and dated.</summary>
public sealed record TraceabilityCounts
{
    /// <summary>The number of records.</summary>
    public required long Records { get; init; }

    /// <summary>The number of records that are joined with a record of the other type.</summary>
    public required long Joined { get; init; }

    /// <summary>The number of records with a citation.</summary>
    public required long Cited { get; init; }

    /// <summary>The number of records with a citation of the basis `Stated`, which has a quote.</summary>
    public required long Quoted { get; init; }

    /// <summary>The number of records with a date of their own.</summary>
    public required long Dated { get; init; }
}

/// <summary>The number of citations in the data set, by basis.</summary>
public sealed record CoverageStatistics
{
    /// <summary>The counts of each type.</summary>
    [Length(1, 100)]
    public required IReadOnlyList<CitationCoverage> Items { get; init; }

    /// <summary>The counts of all types together. Sources count as records without citations.</summary>
    public required CitationCoverage Total { get; init; }

    /// <summary>The revision of the data set to which the figures belong.</summary>
    public required long Revision { get; init; }
}

/// <summary>The number of records and of their citations, by basis.</summary>
public sealed record CitationCoverage
{
    /// <summary>The type, as in the URL; absent for all types together.</summary>
    [TypeName]
    public string? Type { get; init; }

    /// <summary>The number of records.</summary>
    public required long Records { get; init; }

    /// <summary>The number of citations of these records.</summary>
    public required long Citations { get; init; }

    /// <summary>The average number of citations per record, to two decimals; absent if there are no records.</summary>
    public double? CitationsPerRecord { get; init; }

    /// <summary>The citations with the basis `Stated`.</summary>
    public required CitationShare Stated { get; init; }

    /// <summary>The citations with the basis `Inferred`.</summary>
    public required CitationShare Inferred { get; init; }

    /// <summary>The citations with the basis `Referenced`.</summary>
    public required CitationShare Referenced { get; init; }
}

/// <summary>A share of all citations.</summary>
public sealed record CitationShare
{
    /// <summary>The number of citations.</summary>
    public required long Count { get; init; }

    /// <summary>The share, from 0 to 1, to four decimals; absent if there are no citations.</summary>
    public double? Fraction { get; init; }
}
