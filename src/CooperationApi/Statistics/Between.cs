using CooperationApi.Contracts;

namespace CooperationApi.Statistics;

/// <summary>A contribution that names a province and another, and the units on whose sides its giver and receiver stand.</summary>
internal sealed record Between : Contribution
{
    /// <summary>The other unit.</summary>
    public required string OtherId { get; init; }

    /// <summary>The giver's unit; empty where the record names no giver, or one that belongs to no province.</summary>
    public required string Giving { get; init; }

    /// <summary>The receiver's unit, likewise.</summary>
    public required string Receiving { get; init; }

    private enum Side
    {
        Asked,
        Other,
        Unknown,
        Elsewhere,
    }

    /// <summary>Which way it went between the units asked for and the other; null if not between these.</summary>
    public Direction? Direction(IReadOnlyList<string> asked)
    {
        return (SideOf(GiverId, Giving), SideOf(ReceiverId, Receiving)) switch
        {
            (Side.Asked, Side.Other or Side.Unknown) or (Side.Unknown, Side.Other) => Contracts.Direction.Given,
            (Side.Other, Side.Asked or Side.Unknown) or (Side.Unknown, Side.Asked) => Contracts.Direction.Received,
            (Side.Unknown, Side.Unknown) => Contracts.Direction.Unknown,
            _ => null,
        };

        Side SideOf(string id, string unit) =>
            id == "" ? Side.Unknown : asked.Contains(unit) ? Side.Asked : unit == OtherId ? Side.Other : Side.Elsewhere;
    }
}
