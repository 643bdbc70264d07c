namespace CooperationApi.Contracts;

/// <summary>A page of a list.</summary>
public sealed record Page<T>
{
    /// <summary>The rows of this page, in the order asked for.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>The cursor of the next page; absent on the last one.</summary>
    public string? Next { get; init; }

    /// <summary>The number of the last change that this page takes into account.</summary>
    public required long Revision { get; init; }

    /// <summary>How many rows the whole list has; only when asked for with `total=true`.</summary>
    public long? Total { get; init; }

    /// <summary>The units for which the list answers, and which rows each is named by; only when asked for with `unit=current`.</summary>
    public IReadOnlyList<CurrentUnit>? Units { get; init; }
}

/// <summary>A unit for which a list answers: today's, or one of those that it was made of.</summary>
public sealed record CurrentUnit
{
    /// <summary>The unit's identifier.</summary>
    public required string Id { get; init; }

    /// <summary>The unit's name.</summary>
    public required string Name { get; init; }

    /// <summary>The first day on which the unit exists.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>The last day on which it existed; absent for today's.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>The ids of the rows of this page that name it.</summary>
    public required IReadOnlyList<string> Items { get; init; }
}
