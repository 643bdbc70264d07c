using System.Globalization;
using CooperationApi.Contracts;

namespace CooperationApi.Bench.Generated;

/// <summary>
/// Makes records that nobody could take for real ones, their source says so, but that look like them in length, dates and references.
/// Equal seeds make equal records.
/// </summary>
internal sealed class RecordGenerator(IReadOnlyList<Province> provinces, int seed)
{
    private static readonly DateOnly FirstDay = new(2008, 8, 1), LastDay = new(2026, 6, 30);

    // Repeatable on purpose: nothing here is a secret.
#pragma warning disable CA5394
    private readonly Random random = new(seed);
    private readonly List<(string Id, string Title, Province Province)> officials = [];
    private readonly List<string> names = [];
    private readonly List<Meeting> meetings = [];
    private int made;

    /// <summary>What all generated records cite.</summary>
    public Source Source { get; } = new()
    {
        Id = "generated-for-measuring",
        Title = "Dữ liệu do máy sinh ra để đo hiệu năng, không phải sự thật (generated for measuring)",
        Language = "vi",
        Kind = SourceKind.Statistical,
        PublishedOn = Date(LastDay),
    };

    /// <summary>The ids of the meetings so far.</summary>
    public IEnumerable<string> MeetingIds => meetings.Select(meeting => meeting.Id);

    /// <summary>The names of the officials so far.</summary>
    public IEnumerable<string> Names => names;

    /// <summary>The next so many records: of ten, one official, three meetings, four commitments and two results.</summary>
    public IEnumerable<BundleLine> Next(int records) =>
    [
        .. Make("officials", records / 10, Official),
        .. Make("meetings", records * 3 / 10, Meeting),
        .. Make("commitments", records * 4 / 10, Commitment),
        .. Make("results", records - records / 10 - records * 3 / 10 - records * 4 / 10, Result),
    ];

    /// <summary>So many of the smallest records that there are: a name, a kind, and a citation.</summary>
    public IEnumerable<BundleLine> Smallest(int records) => Enumerable.Range(0, records).Select(_ =>
    {
        var number = Number();
        return new BundleLine
        {
            Type = "organizations",
            Data = new Organization { Id = $"co-quan-{number}", Name = $"Cơ quan số {number}", Kind = OrganizationKind.Other, Citations = Cite("name") },
        };
    });

    private static IEnumerable<BundleLine> Make<T>(string type, int count, Func<T> next) where T : Record =>
        Make(count, next).Select(record => new BundleLine { Type = type, Data = record });

    private static List<T> Make<T>(int count, Func<T> next) => [.. Enumerable.Range(0, count).Select(_ => next())];

    private Official Official()
    {
        var (province, title, seen) = (random.Among(provinces), random.Among(Topics.Posts), Day());
        var official = new Official
        {
            Id = $"can-bo-{province.Id}-{Number()}",
            Name = VietnameseNames.Next(random),
            Positions = [new() { Title = $"{title} {province.Name}", ProvinceId = province.Id, ObservedOn = Date(seen) }],
            Citations = Cite("name", "positions"),
        };
        names.Add(official.Name);
        officials.Add((official.Id, official.Positions[0].Title, province));
        return official;
    }

    private Meeting Meeting()
    {
        var day = Day();
        var (host, guest) = PairOn(day);
        var meeting = new Meeting
        {
            Id = $"hoi-nghi-{host.Id}-{guest.Id}-{day:yyyy-MM-dd}-{Number()}",
            Title = $"Hội nghị giữa {host.Name} và {guest.Name} về {random.Among(Topics.Fields)}",
            Kind = random.Among(Enum.GetValues<MeetingKind>()),
            HeldOn = Date(day),
            Place = host.Name,
            ProvinceIds = [host.Id, guest.Id],
            Participants = Make(random.Next(1, 5), () => Participant(day, host)),
            Summary = $"Hai địa phương trao đổi về {random.Among(Topics.Fields)} và {random.Among(Topics.Fields)}, "
                + "thống nhất nội dung phối hợp trong thời gian tới.",
            Citations = Cite("title", "heldOn", "provinceIds", "participants"),
        };
        meetings.Add(meeting);
        return meeting;
    }

    /// <summary>Somebody for their own province, or for the host if theirs was not there on the day.</summary>
    private Participant Participant(DateOnly day, Province host)
    {
        var (id, title, province) = random.Among(officials);
        return new() { OfficialId = id, ProvinceId = (WasThere(province, day) ? province : host).Id, Role = random.Among(Enum.GetValues<ParticipantRole>()), Title = title };
    }

    private Commitment Commitment()
    {
        var meeting = random.Among(meetings);
        var agreed = DayOf(meeting);
        return new()
        {
            Id = $"cam-ket-{meeting.ProvinceIds[0]}-{meeting.ProvinceIds[1]}-{Number()}",
            Title = $"{random.Among(Topics.Actions)} {random.Among(Topics.Fields)} giai đoạn {agreed.Year}-{agreed.Year + 5}",
            Kind = random.Among(Enum.GetValues<CommitmentKind>()),
            MeetingId = meeting.Id,
            ProvinceIds = meeting.ProvinceIds,
            Responsible = [.. meeting.ProvinceIds.Select(id => new Party { ProvinceId = id })],
            Period = new() { From = Year(agreed.Year), To = Year(agreed.Year + 5) },
            DueOn = Date(agreed.AddDays(random.Next(30, 2000))),
            Status = random.Among(Enum.GetValues<CommitmentStatus>()),
            StatusAsOf = meeting.HeldOn,
            Citations = Cite("title", "meetingId", "provinceIds", "period", "status"),
        };
    }

    private Result Result()
    {
        var meeting = random.Among(meetings);
        return new()
        {
            Id = $"ket-qua-{meeting.ProvinceIds[0]}-{meeting.ProvinceIds[1]}-{Number()}",
            Title = $"{random.Among(Topics.Deliveries)} {random.Among(Topics.Fields)} năm {DayOf(meeting).Year}",
            Kind = random.Among(Enum.GetValues<ResultKind>()),
            MeetingId = meeting.Id,
            ProvinceIds = meeting.ProvinceIds,
            Amount = random.Next(1, 1000) * 10_000_000L,
            Currency = "VND",
            Period = new() { From = meeting.HeldOn, To = meeting.HeldOn },
            GiverId = meeting.ProvinceIds[0],
            ReceiverId = meeting.ProvinceIds[1],
            Citations = Cite("title", "meetingId", "amount", "giverId", "receiverId"),
        };
    }

    /// <summary>Two provinces that there were on a day.</summary>
    private (Province Host, Province Guest) PairOn(DateOnly day)
    {
        var host = ProvinceOn(day);
        var guest = ProvinceOn(day);
        return host.Id == guest.Id ? PairOn(day) : (host, guest);
    }

    private Province ProvinceOn(DateOnly day)
    {
        var province = random.Among(provinces);
        return WasThere(province, day) ? province : ProvinceOn(day);
    }

    private static bool WasThere(Province province, DateOnly day) => province.ValidFrom <= day && !(province.ValidTo < day);

    private DateOnly Day() => FirstDay.AddDays(random.Next(LastDay.DayNumber - FirstDay.DayNumber + 1));

    private int Number() => ++made;

    private Citation[] Cite(params string[] supports) =>
        [new() { SourceId = Source.Id, Locator = $"bản ghi {made}", Supports = supports, Basis = CitationBasis.Referenced }];
#pragma warning restore CA5394

    private static DateOnly DayOf(Meeting meeting) => meeting.HeldOn!.Value.First!.Value;

    private static PartialDate Date(DateOnly day) => Parsed(day.ToIso());

    private static PartialDate Year(int year) => Parsed(year.ToString(CultureInfo.InvariantCulture));

    private static PartialDate Parsed(string text) =>
        PartialDate.TryParse(text, out var date) ? date : throw new ArgumentException(text, nameof(text));
}
