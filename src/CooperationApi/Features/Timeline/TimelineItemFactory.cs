using CooperationApi.Contracts;

namespace CooperationApi.Features.Timeline;

/// <summary>Creates timeline items from records.</summary>
internal static class TimelineItemFactory
{
    public static TimelineItem Create(TimelinePosition position, Record record) => record switch
    {
        Meeting meeting => new()
        {
            On = position.Date,
            Type = position.Type,
            Id = position.Id,
            Event = TimelineEvent.Held,
            Title = meeting.Title,
            TitleEn = meeting.TitleEn,
            ProvinceIds =
                [.. meeting.ProvinceIds.Union(meeting.Participants.Select(participant => participant.ProvinceId).OfType<string>())],
        },
        Agreement agreement => new()
        {
            On = position.Date,
            Type = position.Type,
            Id = position.Id,
            Event = TimelineEvent.Adopted,
            Title = agreement.Title,
            TitleEn = agreement.TitleEn,
            ProvinceIds = agreement.ProvinceIds,
        },
        Result result => new()
        {
            On = position.Date,
            Until = result.Period!.To is { } until && until != position.Date ? until : null,
            Type = position.Type,
            Id = position.Id,
            Event = result.Kind == ResultKind.Contribution ? TimelineEvent.Given : TimelineEvent.Delivered,
            Title = result.Title,
            TitleEn = result.TitleEn,
            ProvinceIds = result.ProvinceIds,
        },
        Province province => Create(position, province),
        _ => throw new ArgumentException($"Records of the type {position.Type} have no timeline events.", nameof(record)),
    };

    private static TimelineItem Create(TimelinePosition position, Province province)
    {
        var (eventType, date) = (Enum.Parse<TimelineEvent>(position.Event), position.Date.FirstDay);
        var (successions, after) = (province.Successors.Where(successor => successor.On == date).ToList(),
            province.Versions.FirstOrDefault(version => version.ValidFrom == date));
        var before = province.Versions.FirstOrDefault(version => version.ValidTo?.AddDays(1) == date);
        return new()
        {
            On = position.Date,
            Type = position.Type,
            Id = position.Id,
            Event = eventType,
            Title = (after ?? before)?.Name ?? province.Name,
            TitleEn = (after ?? before)?.NameEn ?? province.NameEn,
            ProvinceIds = [province.Id],
            OtherProvinceIds = eventType switch
            {
                TimelineEvent.Formed => [.. province.Predecessors.Select(predecessor => predecessor.Id)],
                TimelineEvent.Merged => [.. successions.Select(successor => successor.Id)],
                _ => [],
            },
            Before = eventType switch
            {
                TimelineEvent.Renamed => before?.Name,
                TimelineEvent.KindChanged => before?.Kind.ToString(),
                _ => null
            },
            After = eventType switch
            {
                TimelineEvent.Renamed => after?.Name,
                TimelineEvent.KindChanged => after?.Kind.ToString(),
                _ => null
            },
            LegalBasis = eventType == TimelineEvent.Merged ? successions[0].LegalBasis : after?.LegalBasis,
        };
    }
}
