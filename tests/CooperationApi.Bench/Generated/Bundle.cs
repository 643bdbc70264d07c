using CooperationApi.Contracts;

namespace CooperationApi.Bench.Generated;

/// <summary>A bundle as the service imports it: one list per resource.</summary>
internal sealed record Bundle
{
    public IReadOnlyList<Source> Sources { get; init; } = [];

    public IReadOnlyList<Official> Officials { get; init; } = [];

    public IReadOnlyList<Meeting> Meetings { get; init; } = [];

    public IReadOnlyList<Commitment> Commitments { get; init; } = [];

    public IReadOnlyList<Result> Results { get; init; } = [];
}
