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
}
