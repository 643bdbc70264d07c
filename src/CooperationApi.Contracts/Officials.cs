namespace CooperationApi.Contracts;

/// <summary>A person in public office, and the posts that sources show.</summary>
public sealed record Official : CitedRecord
{
    /// <summary>The person's name.</summary>
    public required string Name { get; init; }

    /// <summary>Other spellings of the name that were seen.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>`false` where every source that names the person leaves the diacritics out: the name stands as written there.</summary>
    public bool? DiacriticsShown { get; init; }

    /// <summary>The posts that the person was seen to hold.</summary>
    public required IReadOnlyList<Position> Positions { get; init; }
}

/// <summary>A post. A report shows that someone held it on a day, not since when.</summary>
public sealed record Position
{
    /// <summary>The post's title, as stated.</summary>
    public required string Title { get; init; }

    /// <summary>The organization in which it is held.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The province in which it is held.</summary>
    public string? ProvinceId { get; init; }

    /// <summary>The date on which the person was seen to hold it.</summary>
    public PartialDate? ObservedOn { get; init; }

    /// <summary>Since when it was held, where a source says so.</summary>
    public PartialDate? From { get; init; }

    /// <summary>Until when it was held, inclusive, where a source says so.</summary>
    public PartialDate? To { get; init; }
}
