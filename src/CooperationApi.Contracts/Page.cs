using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Contracts;

/// <summary>A page of a list.</summary>
public sealed record Page<T>
{
    /// <summary>The items of the page, in the requested order.</summary>
    [Length(0, Limits.MaxPageItems)]
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>The cursor of the next page; absent on the last page.</summary>
    [Cursor]
    public string? Next { get; init; }

    /// <summary>The revision of the data set to which the page belongs.</summary>
    public required long Revision { get; init; }

    /// <summary>The number of items in the whole list; only with `total=true`.</summary>
    public long? Total { get; init; }

    /// <summary>The province units that the list covers, with the items of the page that refer to each; only with `unit=current`.</summary>
    [Length(0, 1000)]
    public IReadOnlyList<CurrentUnit>? Units { get; init; }
}

/// <summary>A province unit that a list covers: a current unit, or a unit that was merged into it.</summary>
public sealed record CurrentUnit
{
    /// <summary>The id of the unit.</summary>
    [Slug]
    public required string Id { get; init; }

    /// <summary>The name of the unit.</summary>
    [Length(1, 200)]
    public required string Name { get; init; }

    /// <summary>The first day of the unit.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>The last day of the unit, inclusive; absent for a current unit.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>The ids of the items of the page that refer to the unit.</summary>
    [Length(0, Limits.MaxPageItems), Slug]
    public required IReadOnlyList<string> Items { get; init; }
}
