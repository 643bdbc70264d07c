using CooperationApi.Contracts;

namespace CooperationApi.Features.Statistics;

/// <summary>A contribution that names a province and another, and the units on whose sides its giver and receiver stand.</summary>
internal sealed record BilateralContribution : ContributionRecord
{
    /// <summary>The other unit.</summary>
    public required string OtherUnitId { get; init; }

    /// <summary>The giver's unit; empty where the record names no giver, or one that belongs to no province.</summary>
    public required string GiverUnitId { get; init; }

    /// <summary>The receiver's unit, likewise.</summary>
    public required string ReceiverUnitId { get; init; }

    private enum Side
    {
        Requested,
        Other,
        Unknown,
        Elsewhere,
    }

    /// <summary>Which way it went between the units asked for and the other; null if not between these.</summary>
    public Direction? GetDirection(IReadOnlyList<string> unitIds)
    {
        return (GetSide(GiverId, GiverUnitId), GetSide(ReceiverId, ReceiverUnitId)) switch
        {
            (Side.Requested, Side.Other or Side.Unknown) or (Side.Unknown, Side.Other) => Contracts.Direction.Given,
            (Side.Other, Side.Requested or Side.Unknown) or (Side.Unknown, Side.Requested) => Contracts.Direction.Received,
            (Side.Unknown, Side.Unknown) => Contracts.Direction.Unknown,
            _ => null,
        };

        Side GetSide(string id, string unitId) =>
            id == "" ? Side.Unknown : unitIds.Contains(unitId) ? Side.Requested : unitId == OtherUnitId ? Side.Other : Side.Elsewhere;
    }
}
