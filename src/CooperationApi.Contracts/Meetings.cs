namespace CooperationApi.Contracts;

/// <summary>A conference, visit, ceremony or programme of cooperation.</summary>
public sealed record Meeting : CitedRecord
{
    /// <summary>The title of the meeting.</summary>
    public required string Title { get; init; }

    /// <summary>The title in English.</summary>
    public string? TitleEn { get; init; }

    /// <summary>The kind of meeting.</summary>
    public required MeetingKind Kind { get; init; }

    /// <summary>The date of the meeting, to the known precision.</summary>
    public PartialDate? HeldOn { get; init; }

    /// <summary>The time of day, if a source states it.</summary>
    public TimeOfDay? TimeOfDay { get; init; }

    /// <summary>The place, as stated by the source.</summary>
    public string? Place { get; init; }

    /// <summary>The ids of the province units that met: the units that existed on the day of the meeting.</summary>
    public IReadOnlyList<string> ProvinceIds { get; init; } = [];

    /// <summary>The id of the meeting that this meeting was part of.</summary>
    public string? ParentId { get; init; }

    /// <summary>The participants, in the order of the source.</summary>
    public IReadOnlyList<Participant> Participants { get; init; } = [];

    /// <summary>The number of attendees.</summary>
    public Attendance? Attendance { get; init; }

    /// <summary>A summary in the editors' words.</summary>
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

/// <summary>The times of day that reports state.</summary>
public enum TimeOfDay
{
    Morning,
    Afternoon,
    Evening,
}

/// <summary>A participant of a meeting: an official, an organization, or others in the words of the source.</summary>
public sealed record Participant
{
    /// <summary>The id of the official.</summary>
    public string? OfficialId { get; init; }

    /// <summary>The id of the organization.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The participants in the words of the source, if no record describes them.</summary>
    public string? Description { get; init; }

    /// <summary>The id of the province unit on whose side the participant was.</summary>
    public string? ProvinceId { get; init; }

    /// <summary>The role at the meeting.</summary>
    public required ParticipantRole Role { get; init; }

    /// <summary>The capacity, if a source states more than the role.</summary>
    public ParticipantCapacity? Capacity { get; init; }

    /// <summary>
    /// The official's position title at the meeting: as a Vietnamese source states it, or in the editors' words.
    /// </summary>
    public string? Title { get; init; }

    /// <summary>The position title in English.</summary>
    public string? TitleEn { get; init; }
}

/// <summary>The number of attendees of a meeting.</summary>
public sealed record Attendance
{
    /// <summary>The number.</summary>
    public required int Quantity { get; init; }

    /// <summary>The unit of the number, such as delegates or enterprises.</summary>
    public required string Unit { get; init; }

    /// <summary>The unit in English.</summary>
    public string? UnitEn { get; init; }

    /// <summary>True if the source says "about".</summary>
    public bool? Approximate { get; init; }

    /// <summary>The bound of the figure, if the source says "over" (AtLeast), "nearly" or "up to" (AtMost).</summary>
    public Bound? Bound { get; init; }
}

/// <summary>The roles at a meeting: Host (chaired it), Speaker, Rapporteur (gave the report), Participant.</summary>
public enum ParticipantRole
{
    Host,
    Speaker,
    Rapporteur,
    Participant,
}

/// <summary>
/// The capacities of a participant: Signatory (signed), Witness (of a signing), Guest (of the parties), HeadOfDelegation.
/// </summary>
public enum ParticipantCapacity
{
    Signatory,
    Witness,
    Guest,
    HeadOfDelegation,
}
