namespace CooperationApi.Contracts;

/// <summary>What a meeting adopted.</summary>
public sealed record Agreement : CitedRecord
{
    /// <summary>What it is called, or is about: in the editors' words where no source with its name is at hand.</summary>
    public required string Title { get; init; }

    /// <summary>The same in English.</summary>
    public string? TitleEn { get; init; }

    /// <summary>The meeting that adopted it.</summary>
    public string? MeetingId { get; init; }

    /// <summary>The provinces that it binds, as units of that day.</summary>
    public required IReadOnlyList<string> ProvinceIds { get; init; }

    /// <summary>When it was adopted, as far as it is known.</summary>
    public PartialDate? AdoptedOn { get; init; }

    /// <summary>The time for which it was made.</summary>
    public Period? Period { get; init; }

    /// <summary>How many groups of cooperation it says that it has.</summary>
    public DeclaredGroups? DeclaredGroups { get; init; }

    /// <summary>The documents that carry it out or follow it up, by date.</summary>
    public IReadOnlyList<FollowUpDocument> LaterDocuments { get; init; } = [];
}

/// <summary>A document that carries an agreement out or follows it up: a plan, a notice of conclusions.</summary>
public sealed record FollowUpDocument
{
    /// <summary>Its kind, number and issuer, as far as they are known.</summary>
    public required string Title { get; init; }

    /// <summary>The same in English.</summary>
    public string? TitleEn { get; init; }

    /// <summary>When it was issued, as far as it is known.</summary>
    public PartialDate? IssuedOn { get; init; }
}

/// <summary>How many groups of cooperation an agreement declares.</summary>
public sealed record DeclaredGroups
{
    /// <summary>Groups in building the Party and the political system.</summary>
    public int? PartyBuilding { get; init; }

    /// <summary>Groups in the economy and society.</summary>
    public int? SocioEconomic { get; init; }

    /// <summary>Groups in all, where the agreement does not divide them.</summary>
    public int? Total { get; init; }
}

/// <summary>One of the groups of cooperation that an agreement declares.</summary>
public sealed record CooperationGroup : CitedRecord
{
    /// <summary>The agreement that declares it.</summary>
    public required string AgreementId { get; init; }

    /// <summary>The pillar; absent where an agreement draws no line between party building and socio-economy.</summary>
    public Pillar? Pillar { get; init; }

    /// <summary>Its place within the pillar, or where there is none within the agreement, from 1. The order is the editors' where the source gives none.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its name in English, in the editors' words.</summary>
    public string? NameEn { get; init; }

    /// <summary>Whether the source names the group or the editors do.</summary>
    public required NameBasis NameBasis { get; init; }

    /// <summary>The themes that the source mentions and the editors place here.</summary>
    public IReadOnlyList<string> Themes { get; init; } = [];
}

/// <summary>The two pillars of cooperation.</summary>
public enum Pillar
{
    PartyBuilding,
    SocioEconomic,
}

/// <summary>
/// Whether a name is Stated by the source (in these words, or where its text is not at hand, in words of the editors that say the same), or is the
/// editors' arrangement of what the source mentions (Editorial).
/// </summary>
public enum NameBasis
{
    Stated,
    Editorial,
}
