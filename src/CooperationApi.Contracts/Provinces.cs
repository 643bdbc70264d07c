namespace CooperationApi.Contracts;

/// <summary>A provincial administrative unit of Vietnam, from its first day to its last day.</summary>
public sealed record Province : CitedRecord
{
    /// <summary>
    /// The two-digit code of the statistics office. A code has belonged to different units at different times: identify a unit by its id.
    /// </summary>
    public required string Code { get; init; }

    /// <summary>The current name, or the last name of a unit that has ended. With `at`, the name on that date.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The name with the kind of the unit, as offices write it: `tỉnh Thái Bình`, `thành phố Hà Nội`. With `at`, the one of that date.
    /// </summary>
    public string? FullName { get; init; }

    /// <summary>The name as written in English texts.</summary>
    public required string NameEn { get; init; }

    /// <summary>
    /// Other names that people write: abbreviations, former and foreign names, and other spellings. Spellings that differ from another name
    /// only in case, tones or diacritics are not listed, since search finds them anyway; nor are the former names in `versions`.
    /// </summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The kind: a province or a centrally run municipality.</summary>
    public required ProvinceKind Kind { get; init; }

    /// <summary>The socio-economic region, in Vietnamese.</summary>
    public required string Region { get; init; }

    /// <summary>The ISO 3166-2 code, if known.</summary>
    public string? IsoCode { get; init; }

    /// <summary>The first day of the unit; 2008-08-01, the first day of the data set, for units that already existed.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>The last day of the unit, inclusive; absent while the unit exists.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>The names, kinds and regions of the unit by period, without gaps.</summary>
    public required IReadOnlyList<ProvinceVersion> Versions { get; init; }

    /// <summary>The units that were merged into this unit.</summary>
    public IReadOnlyList<ProvinceSuccession> Predecessors { get; init; } = [];

    /// <summary>The units into which this unit was merged.</summary>
    public IReadOnlyList<ProvinceSuccession> Successors { get; init; } = [];
}

/// <summary>The kinds of province units: Province, Municipality (centrally run, `thành phố trực thuộc trung ương`).</summary>
public enum ProvinceKind
{
    Province,
    Municipality,
}

/// <summary>The name, kind and region of a unit during one period.</summary>
public sealed record ProvinceVersion
{
    /// <summary>The name in this period.</summary>
    public required string Name { get; init; }

    /// <summary>The name in this period, as written in English texts.</summary>
    public required string NameEn { get; init; }

    /// <summary>The kind in this period.</summary>
    public required ProvinceKind Kind { get; init; }

    /// <summary>The region in this period.</summary>
    public required string Region { get; init; }

    /// <summary>The first day of the period.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>The last day of the period, inclusive; absent for the current period.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>The number of the legal act that started the period, if known.</summary>
    public string? LegalBasis { get; init; }

    /// <summary>The number of the legal act that assigns the region.</summary>
    public string? RegionLegalBasis { get; init; }
}

/// <summary>The merger of a unit into another unit.</summary>
public sealed record ProvinceSuccession
{
    /// <summary>The id of the other unit.</summary>
    public required string Id { get; init; }

    /// <summary>The date of the merger: the first day of the new unit.</summary>
    public required DateOnly On { get; init; }

    /// <summary>The number of the legal act.</summary>
    public required string LegalBasis { get; init; }
}
