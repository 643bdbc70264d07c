namespace CooperationApi.Contracts;

/// <summary>Something delivered or given.</summary>
public sealed record Result : CitedRecord
{
    /// <summary>What was delivered or given.</summary>
    public required string Title { get; init; }

    /// <summary>The same in English.</summary>
    public string? TitleEn { get; init; }

    /// <summary>What kind of result it is.</summary>
    public required ResultKind Kind { get; init; }

    /// <summary>The agreement whose cooperation it is part of: delivered under it, or before it and told with it.</summary>
    public string? AgreementId { get; init; }

    /// <summary>The groups of cooperation that it belongs to, by the editors' arrangement.</summary>
    public IReadOnlyList<string> GroupIds { get; init; } = [];

    /// <summary>The provinces concerned, as units of that time.</summary>
    public IReadOnlyList<string> ProvinceIds { get; init; } = [];

    /// <summary>The commitment that it fulfils.</summary>
    public string? CommitmentId { get; init; }

    /// <summary>The meeting at which it was given or delivered.</summary>
    public string? MeetingId { get; init; }

    /// <summary>How many; absent where an outcome has no number.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>Out of how many: 10 of 11 items carried out.</summary>
    public decimal? OutOf { get; init; }

    /// <summary>Of what: the unit in which the quantity is counted.</summary>
    public string? Unit { get; init; }

    /// <summary>The unit in English.</summary>
    public string? UnitEn { get; init; }

    /// <summary>How much money, in whole units of the currency.</summary>
    public long? Amount { get; init; }

    /// <summary>The money's ISO 4217 code.</summary>
    public string? Currency { get; init; }

    /// <summary>Whether the source says "about".</summary>
    public bool? Approximate { get; init; }

    /// <summary>Which way the figure is bounded, where the source says "over" or "nearly".</summary>
    public Bound? Bound { get; init; }

    /// <summary>The time in which it was delivered or given.</summary>
    public Period? Period { get; init; }

    /// <summary>Who gave it: the id of a province or an organization.</summary>
    public string? GiverId { get; init; }

    /// <summary>Who gave it, in the source's words.</summary>
    public string? Giver { get; init; }

    /// <summary>Who received it: the id of a province or an organization.</summary>
    public string? ReceiverId { get; init; }

    /// <summary>Who received it, in the source's words.</summary>
    public string? Receiver { get; init; }

    /// <summary>Results that are probably about the same thing, so that nobody adds them up.</summary>
    public IReadOnlyList<string> ProbablySameAs { get; init; } = [];
}

/// <summary>The kinds of results: Output (something done together), Outcome (what became of it), Contribution (a gift or support).</summary>
public enum ResultKind
{
    Output,
    Outcome,
    Contribution,
}
