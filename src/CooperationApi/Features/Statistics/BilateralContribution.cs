using CooperationApi.Contracts;

namespace CooperationApi.Features.Statistics;

/// <summary>A contribution that refers to the requested province and another one, with the units of the giver and the receiver.</summary>
internal sealed record BilateralContribution : ContributionRecord
{
    /// <summary>The other unit.</summary>
    public required string OtherUnitId { get; init; }

    /// <summary>The unit of the giver; empty if the record has no giver id, or if the giver belongs to no province.</summary>
    public required string GiverUnitId { get; init; }

    /// <summary>The unit of the receiver; empty in the same cases.</summary>
    public required string ReceiverUnitId { get; init; }

    private enum Side
    {
        Requested,
        Other,
        Unknown,
        Elsewhere,
    }

    /// <summary>
    /// Returns the direction between the requested units and the other unit; null if the contribution is not between these.
    /// </summary>
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
