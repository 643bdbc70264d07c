namespace CooperationApi.Contracts;

/// <summary>A provincial administrative unit of Vietnam, from its start to its end.</summary>
public sealed record Province : CitedRecord
{
    /// <summary>The statistics office's two-digit code. It names different units at different times: identify a unit by its id.</summary>
    public required string Code { get; init; }

    /// <summary>The unit's name: today's, its last, or the one on the date asked for.</summary>
    public required string Name { get; init; }

    /// <summary>The name as English texts write it.</summary>
    public required string NameEn { get; init; }

    /// <summary>Whether it is a province or a centrally run municipality.</summary>
    public required ProvinceKind Kind { get; init; }

    /// <summary>The socio-economic region, by its Vietnamese name.</summary>
    public required string Region { get; init; }

    /// <summary>The ISO 3166-2 code, where one is known.</summary>
    public string? IsoCode { get; init; }

    /// <summary>The first day of the unit; the record covers nothing before 2008-08-01.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>The last day of the unit, inclusive; absent while it exists.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>What the unit was called and what it was, by period, without gaps.</summary>
    public required IReadOnlyList<ProvinceVersion> Versions { get; init; }

    /// <summary>The units that became part of this one.</summary>
    public IReadOnlyList<ProvinceSuccession> Predecessors { get; init; } = [];

    /// <summary>The units that this one became part of.</summary>
    public IReadOnlyList<ProvinceSuccession> Successors { get; init; } = [];
}

/// <summary>A province or a centrally run municipality (`thành phố trực thuộc trung ương`).</summary>
public enum ProvinceKind
{
    Province,
    Municipality,
}

/// <summary>A unit's name, kind and region during one period.</summary>
public sealed record ProvinceVersion
{
    /// <summary>The name in this period.</summary>
    public required string Name { get; init; }

    /// <summary>The name in this period as English texts write it.</summary>
    public required string NameEn { get; init; }

    /// <summary>The kind in this period.</summary>
    public required ProvinceKind Kind { get; init; }

    /// <summary>The region in this period.</summary>
    public required string Region { get; init; }

    /// <summary>The period's first day.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>The period's last day, inclusive; absent while it lasts.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>The number of the act that began the period, where one is known.</summary>
    public string? LegalBasis { get; init; }

    /// <summary>The number of the act that names the region.</summary>
    public string? RegionLegalBasis { get; init; }
}

/// <summary>A unit's passing into another.</summary>
public sealed record ProvinceSuccession
{
    /// <summary>The other unit.</summary>
    public required string Id { get; init; }

    /// <summary>The first day of the new unit.</summary>
    public required DateOnly On { get; init; }

    /// <summary>The number of the act.</summary>
    public required string LegalBasis { get; init; }
}
