using CooperationApi.Contracts;

namespace CooperationApi.Timeline;

/// <summary>What a record tells of a place in time.</summary>
internal static class Happening
{
    public static TimelineItem Of(Place place, Record record) => record switch
    {
        Meeting meeting => new()
        {
            On = place.Date,
            Type = place.Type,
            Id = place.Id,
            Event = TimelineEvent.Held,
            Title = meeting.Title,
            TitleEn = meeting.TitleEn,
            ProvinceIds = [.. meeting.ProvinceIds.Union(meeting.Participants.Select(participant => participant.ProvinceId).OfType<string>())],
        },
        Agreement agreement => new()
        {
            On = place.Date,
            Type = place.Type,
            Id = place.Id,
            Event = TimelineEvent.Adopted,
            Title = agreement.Title,
            TitleEn = agreement.TitleEn,
            ProvinceIds = agreement.ProvinceIds,
        },
        Result result => new()
        {
            On = place.Date,
            Until = result.Period!.To is { } until && until != place.Date ? until : null,
            Type = place.Type,
            Id = place.Id,
            Event = result.Kind == ResultKind.Contribution ? TimelineEvent.Given : TimelineEvent.Delivered,
            Title = result.Title,
            TitleEn = result.TitleEn,
            ProvinceIds = result.ProvinceIds,
        },
        Province province => Of(place, province),
        _ => throw new ArgumentException($"{place.Type} tell of nothing that happens.", nameof(record)),
    };

    private static TimelineItem Of(Place place, Province province)
    {
        var (happened, on) = (Enum.Parse<TimelineEvent>(place.Event), place.Date.First);
        var (passing, after) = (province.Successors.Where(successor => successor.On == on).ToList(), province.Versions.FirstOrDefault(version => version.ValidFrom == on));
        var before = province.Versions.FirstOrDefault(version => version.ValidTo?.AddDays(1) == on);
        return new()
        {
            On = place.Date,
            Type = place.Type,
            Id = place.Id,
            Event = happened,
            Title = (after ?? before)?.Name ?? province.Name,
            TitleEn = (after ?? before)?.NameEn ?? province.NameEn,
            ProvinceIds = [province.Id],
            OtherProvinceIds = happened switch
            {
                TimelineEvent.Formed => [.. province.Predecessors.Select(predecessor => predecessor.Id)],
                TimelineEvent.Merged => [.. passing.Select(successor => successor.Id)],
                _ => [],
            },
            Before = happened switch { TimelineEvent.Renamed => before?.Name, TimelineEvent.KindChanged => before?.Kind.ToString(), _ => null },
            After = happened switch { TimelineEvent.Renamed => after?.Name, TimelineEvent.KindChanged => after?.Kind.ToString(), _ => null },
            LegalBasis = happened == TimelineEvent.Merged ? passing[0].LegalBasis : after?.LegalBasis,
        };
    }
}
