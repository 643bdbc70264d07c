namespace CooperationApi.Contracts;

/// <summary>A document or conclusion that a meeting adopted.</summary>
public sealed record Agreement : CitedRecord
{
    /// <summary>The name of the agreement, or a description by the editors if no source gives the name.</summary>
    public required string Title { get; init; }

    /// <summary>The title in English.</summary>
    public string? TitleEn { get; init; }

    /// <summary>The id of the meeting that adopted the agreement.</summary>
    public string? MeetingId { get; init; }

    /// <summary>The ids of the province units that the agreement binds: the units that existed on the day of adoption.</summary>
    public required IReadOnlyList<string> ProvinceIds { get; init; }

    /// <summary>The date of adoption, to the known precision.</summary>
    public PartialDate? AdoptedOn { get; init; }

    /// <summary>The period of the agreement.</summary>
    public Period? Period { get; init; }

    /// <summary>The number of cooperation groups that the agreement states.</summary>
    public DeclaredGroups? DeclaredGroups { get; init; }

    /// <summary>The documents that implement or follow the agreement, by date.</summary>
    public IReadOnlyList<FollowUpDocument> LaterDocuments { get; init; } = [];
}

/// <summary>A document that implements or follows an agreement, such as a plan or a notice of conclusions.</summary>
public sealed record FollowUpDocument
{
    /// <summary>The kind, number and issuer of the document, as far as known.</summary>
    public required string Title { get; init; }

    /// <summary>The title in English.</summary>
    public string? TitleEn { get; init; }

    /// <summary>The date of issue, to the known precision.</summary>
    public PartialDate? IssuedOn { get; init; }
}

/// <summary>The number of cooperation groups that an agreement states, by pillar or in total.</summary>
public sealed record DeclaredGroups
{
    /// <summary>The number of groups for Party building and the political system.</summary>
    public int? PartyBuilding { get; init; }

    /// <summary>The number of groups for the economy and society.</summary>
    public int? SocioEconomic { get; init; }

    /// <summary>The total number of groups, if the agreement does not divide them into pillars.</summary>
    public int? Total { get; init; }
}

/// <summary>One of the cooperation groups that an agreement states.</summary>
public sealed record CooperationGroup : CitedRecord
{
    /// <summary>The id of the agreement.</summary>
    public required string AgreementId { get; init; }

    /// <summary>The pillar; absent if the agreement does not separate Party building from the socio-economic fields.</summary>
    public Pillar? Pillar { get; init; }

    /// <summary>
    /// The position of the group within the pillar, or within the agreement if there is no pillar, counted from 1. The editors choose the
    /// order if the source gives no order.
    /// </summary>
    public required int Ordinal { get; init; }

    /// <summary>The name of the group.</summary>
    public required string Name { get; init; }

    /// <summary>The name in English, in the editors' words.</summary>
    public string? NameEn { get; init; }

    /// <summary>The origin of the name.</summary>
    public required NameBasis NameBasis { get; init; }

    /// <summary>The themes that the source mentions and the editors assign to the group.</summary>
    public IReadOnlyList<string> Themes { get; init; } = [];
}

/// <summary>
/// The pillars of cooperation: PartyBuilding (the Party and the political system), SocioEconomic (the economy and society).
/// </summary>
public enum Pillar
{
    PartyBuilding,
    SocioEconomic,
}

/// <summary>
/// The origin of a name: Stated (by the source, or in equivalent words of the editors if its text is not available), Editorial (chosen by
/// the editors to group what the source mentions).
/// </summary>
public enum NameBasis
{
    Stated,
    Editorial,
}
