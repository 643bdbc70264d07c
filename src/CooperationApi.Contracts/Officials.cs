namespace CooperationApi.Contracts;

/// <summary>A person in public office, with the positions that sources report.</summary>
public sealed record Official : CitedRecord
{
    /// <summary>The name of the person.</summary>
    public required string Name { get; init; }

    /// <summary>Other spellings of the name in sources.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>`false` if every source that names the person omits the diacritics. The name is then written as in the source.</summary>
    public bool? DiacriticsShown { get; init; }

    /// <summary>The positions that sources report.</summary>
    public required IReadOnlyList<Position> Positions { get; init; }
}

/// <summary>A position that a person held. A report often shows only that the person held the position on one day.</summary>
public sealed record Position
{
    /// <summary>The title of the position: as a Vietnamese source states it, or in the editors' words.</summary>
    public required string Title { get; init; }

    /// <summary>The title in English.</summary>
    public string? TitleEn { get; init; }

    /// <summary>The id of the organization.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The id of the province unit.</summary>
    public string? ProvinceId { get; init; }

    /// <summary>The date on which a source reports the person in the position.</summary>
    public PartialDate? ObservedOn { get; init; }

    /// <summary>The first date in the position, if a source states it.</summary>
    public PartialDate? From { get; init; }

    /// <summary>The last date in the position, inclusive, if a source states it.</summary>
    public PartialDate? To { get; init; }
}
