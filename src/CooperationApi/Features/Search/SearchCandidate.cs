namespace CooperationApi.Features.Search;

/// <summary>A record that matches a search, with its texts as written, one field per line.</summary>
internal sealed record SearchCandidate
{
    public required long RowId { get; init; }

    public required string Type { get; init; }

    public required string Id { get; init; }

    public required string TitleKey { get; init; }

    public required string Names { get; init; }

    public required string Texts { get; init; }
}
