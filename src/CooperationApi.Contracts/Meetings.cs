namespace CooperationApi.Contracts;

/// <summary>A conference, visit, ceremony or programme.</summary>
public sealed record Meeting : CitedRecord
{
    /// <summary>What it was.</summary>
    public required string Title { get; init; }

    /// <summary>The same in English.</summary>
    public string? TitleEn { get; init; }

    /// <summary>What kind of meeting it was.</summary>
    public required MeetingKind Kind { get; init; }

    /// <summary>When it was held, as far as it is known.</summary>
    public PartialDate? HeldOn { get; init; }

    /// <summary>The time of day, where a source says so.</summary>
    public TimeOfDay? TimeOfDay { get; init; }

    /// <summary>Where it was held, as stated.</summary>
    public string? Place { get; init; }

    /// <summary>The provinces that met, as units of that day.</summary>
    public IReadOnlyList<string> ProvinceIds { get; init; } = [];

    /// <summary>The meeting that it was part of.</summary>
    public string? ParentId { get; init; }

    /// <summary>Who took part, in the source's order.</summary>
    public IReadOnlyList<Participant> Participants { get; init; } = [];

    /// <summary>How many took part.</summary>
    public Attendance? Attendance { get; init; }

    /// <summary>What it was about, in the editors' words.</summary>
    public string? Summary { get; init; }
}

/// <summary>The kinds of meetings.</summary>
public enum MeetingKind
{
    Conference,
    Visit,
    Ceremony,
    Programme,
}

/// <summary>The times of day that reports name.</summary>
public enum TimeOfDay
{
    Morning,
    Afternoon,
    Evening,
}

/// <summary>Who took part in a meeting: an official, an organization, or others in the source's words.</summary>
public sealed record Participant
{
    /// <summary>The official.</summary>
    public string? OfficialId { get; init; }

    /// <summary>The organization.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The participants in words, where no record stands for them.</summary>
    public string? Description { get; init; }

    /// <summary>The province on whose side they took part.</summary>
    public string? ProvinceId { get; init; }

    /// <summary>The part that they took.</summary>
    public required ParticipantRole Role { get; init; }

    /// <summary>In which capacity, where a source says more than the role does.</summary>
    public ParticipantCapacity? Capacity { get; init; }

    /// <summary>The official's title as stated there.</summary>
    public string? Title { get; init; }
}

/// <summary>How many took part in a meeting.</summary>
public sealed record Attendance
{
    /// <summary>How many.</summary>
    public required int Quantity { get; init; }

    /// <summary>Of whom: delegates, enterprises.</summary>
    public required string Unit { get; init; }

    /// <summary>The same in English.</summary>
    public string? UnitEn { get; init; }

    /// <summary>Whether the source says "about".</summary>
    public bool? Approximate { get; init; }

    /// <summary>Which way the figure is bounded, where the source says "over" or "nearly".</summary>
    public Bound? Bound { get; init; }
}

/// <summary>The parts that one can take in a meeting: Host (chaired it), Speaker, Rapporteur (gave the report), Participant.</summary>
public enum ParticipantRole
{
    Host,
    Speaker,
    Rapporteur,
    Participant,
}

/// <summary>The capacities in which one can take part: Signatory of what was signed, Witness to it, Guest of the parties, HeadOfDelegation.</summary>
public enum ParticipantCapacity
{
    Signatory,
    Witness,
    Guest,
    HeadOfDelegation,
}
