using CooperationApi.Contracts;

namespace CooperationApi.Features.Timeline;

/// <summary>Creates timeline items from records.</summary>
internal static class TimelineItemFactory
{
    public static TimelineItem Create(TimelinePosition position, Record record) => record switch
    {
        Meeting meeting => Create(position, TimelineEvent.Held, meeting.Title, meeting.TitleEn,
            [.. meeting.ProvinceIds.Union(meeting.Participants.Select(participant => participant.ProvinceId).OfType<string>())]),
        Agreement agreement =>
            Create(position, TimelineEvent.Adopted, agreement.Title, agreement.TitleEn, agreement.ProvinceIds),
        Result result => Create(position, result.Kind == ResultKind.Contribution ? TimelineEvent.Given : TimelineEvent.Delivered,
            result.Title, result.TitleEn, result.ProvinceIds) with
        {
            Until = result.Period!.To is { } until && until != position.Date ? until : null,
        },
        Province province => Create(position, province),
        _ => throw new ArgumentException($"Records of the type {position.Type} have no timeline events.", nameof(record)),
    };

    private static TimelineItem Create(TimelinePosition position, TimelineEvent eventType, string title, string? titleEn,
        IReadOnlyList<string> provinceIds) => new()
        {
            On = position.Date,
            Type = position.Type,
            Id = position.Id,
            Event = eventType,
            Title = title,
            TitleEn = titleEn,
            ProvinceIds = provinceIds,
        };

    private static TimelineItem Create(TimelinePosition position, Province province)
    {
        var (eventType, date) = (Enum.Parse<TimelineEvent>(position.Event), position.Date.FirstDay);
        var successions = province.Successors.Where(successor => successor.On == date).ToList();
        var after = province.Versions.FirstOrDefault(version => version.ValidFrom == date);
        var before = province.Versions.FirstOrDefault(version => version.ValidTo?.AddDays(1) == date);
        return Create(position, eventType, (after ?? before)?.Name ?? province.Name, (after ?? before)?.NameEn ?? province.NameEn,
            [province.Id]) with
        {
            OtherProvinceIds = eventType switch
            {
                TimelineEvent.Formed => [.. province.Predecessors.Select(predecessor => predecessor.Id)],
                TimelineEvent.Merged => [.. successions.Select(successor => successor.Id)],
                _ => [],
            },
            Before = GetChangedMember(before),
            After = GetChangedMember(after),
            LegalBasis = eventType == TimelineEvent.Merged ? successions[0].LegalBasis : after?.LegalBasis,
        };

        string? GetChangedMember(ProvinceVersion? version) => eventType switch
        {
            TimelineEvent.Renamed => version?.Name,
            TimelineEvent.KindChanged => version?.Kind.ToString(),
            _ => null,
        };
    }
}
