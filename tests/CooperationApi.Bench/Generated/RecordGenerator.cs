using System.Globalization;
using CooperationApi.Contracts;

namespace CooperationApi.Bench.Generated;

/// <summary>
/// Generates synthetic records with the length, dates and references of typical records. Their source is marked as generated.
/// Equal seeds give equal records.
/// </summary>
internal sealed class RecordGenerator(IReadOnlyList<Province> provinces, int seed)
{
    private static readonly DateOnly FirstDay = new(2008, 8, 1), LastDay = new(2026, 6, 30);

    // Random is not cryptographic; the records need a repeatable sequence and contain no secrets.
#pragma warning disable CA5394
    private readonly Random random = new(seed);
    private readonly List<(string Id, string Title, Province Province)> officials = [];
    private readonly List<string> officialNames = [];
    private readonly List<Meeting> meetings = [];
    private readonly List<string> commitmentIds = [];
    private int lastNumber;

    /// <summary>The source that all generated records cite.</summary>
    public Source Source { get; } = new()
    {
        Id = "generated-for-measuring",
        Title = "Dữ liệu được tạo tự động để đo hiệu năng, không phải dữ liệu thật (generated for benchmarks)",
        Language = "vi",
        Kind = SourceKind.Statistical,
        PublishedOn = DateToPartialDate(LastDay),
    };

    /// <summary>The ids of the meetings generated so far.</summary>
    public IEnumerable<string> MeetingIds => meetings.Select(meeting => meeting.Id);

    /// <summary>The names of the officials generated so far.</summary>
    public IEnumerable<string> OfficialNames => officialNames;

    /// <summary>
    /// Generates typical records: of twenty, two officials, five meetings, one agreement, eight commitments and four results.
    /// </summary>
    public IEnumerable<BundleLine> NextRecords(int count)
    {
        var twentieth = count / 20;
        return
        [
            .. Generate("officials", twentieth * 2, NextOfficial),
            .. Generate("meetings", twentieth * 5, NextMeeting),
            .. Generate("agreements", twentieth, NextAgreement),
            .. Generate("commitments", twentieth * 8, NextCommitment),
            .. Generate("results", count - twentieth * 16, NextResult),
        ];
    }

    /// <summary>Generates minimal records: organizations with a name, a kind and a citation.</summary>
    public IEnumerable<BundleLine> NextMinimalRecords(int count) => Enumerable.Range(0, count).Select(_ =>
    {
        var number = NextNumber();
        return new BundleLine
        {
            Type = "organizations",
            Data = new Organization
            {
                Id = $"co-quan-{number}",
                Name = $"Cơ quan số {number}",
                Kind = OrganizationKind.Other,
                Citations = CreateCitations("name"),
            },
        };
    });

    private static IEnumerable<BundleLine> Generate<T>(string type, int count, Func<T> next) where T : Record =>
        Generate(count, next).Select(record => new BundleLine { Type = type, Data = record });

    private static List<T> Generate<T>(int count, Func<T> next) => [.. Enumerable.Range(0, count).Select(_ => next())];

    private Official NextOfficial()
    {
        var (province, title, observedOn) = (random.NextItem(provinces), random.NextItem(Topics.Posts), NextDate());
        var official = new Official
        {
            Id = $"can-bo-{province.Id}-{NextNumber()}",
            Name = VietnameseNames.Generate(random),
            Positions =
                [new() { Title = $"{title} {province.Name}", ProvinceId = province.Id, ObservedOn = DateToPartialDate(observedOn) }],
            Citations = CreateCitations("name", "positions"),
        };
        officialNames.Add(official.Name);
        officials.Add((official.Id, official.Positions[0].Title, province));
        return official;
    }

    private Meeting NextMeeting()
    {
        var day = NextDate();
        var (host, guest) = PickProvincePair(day);
        var meeting = new Meeting
        {
            Id = $"hoi-nghi-{host.Id}-{guest.Id}-{day:yyyy-MM-dd}-{NextNumber()}",
            Title = $"Hội nghị giữa {host.Name} và {guest.Name} về {random.NextItem(Topics.Fields)}",
            Kind = random.NextItem(Enum.GetValues<MeetingKind>()),
            HeldOn = DateToPartialDate(day),
            Place = host.Name,
            ParentId = meetings.Count > 0 && IsOneOf(5) ? random.NextItem(meetings).Id : null,
            ProvinceIds = [host.Id, guest.Id],
            Participants = Generate(random.Next(1, 5), () => NextParticipant(day, host)),
            Summary = $"Hai địa phương trao đổi về {random.NextItem(Topics.Fields)} và {random.NextItem(Topics.Fields)}, "
                + "thống nhất nội dung phối hợp trong thời gian tới.",
            Citations = CreateCitations("title", "heldOn", "provinceIds", "participants"),
        };
        meetings.Add(meeting);
        return meeting;
    }

    /// <summary>
    /// Returns an official as participant for the official's own province, or for the host if that province did not exist on the day.
    /// </summary>
    private Participant NextParticipant(DateOnly day, Province host)
    {
        var (id, title, province) = random.NextItem(officials);
        return new()
        {
            OfficialId = id,
            ProvinceId = (Existed(province, day) ? province : host).Id,
            Role = random.NextItem(Enum.GetValues<ParticipantRole>()),
            Title = title,
        };
    }

    private Agreement NextAgreement()
    {
        var meeting = random.NextItem(meetings);
        var adoptedOn = GetDate(meeting);
        return new()
        {
            Id = $"thoa-thuan-{meeting.ProvinceIds[0]}-{meeting.ProvinceIds[1]}-{NextNumber()}",
            Title = $"Thỏa thuận hợp tác về {random.NextItem(Topics.Fields)} giai đoạn {adoptedOn.Year}-{adoptedOn.Year + 5}",
            MeetingId = meeting.Id,
            ProvinceIds = meeting.ProvinceIds,
            AdoptedOn = meeting.HeldOn,
            Period = new() { From = YearToPartialDate(adoptedOn.Year), To = YearToPartialDate(adoptedOn.Year + random.Next(1, 10)) },
            Citations = CreateCitations("title", "meetingId", "provinceIds", "adoptedOn", "period"),
        };
    }

    private Commitment NextCommitment()
    {
        var meeting = random.NextItem(meetings);
        var agreedOn = GetDate(meeting);
        var hasPlan = IsOneOf(2);
        var commitment = new Commitment
        {
            Id = $"cam-ket-{meeting.ProvinceIds[0]}-{meeting.ProvinceIds[1]}-{NextNumber()}",
            Title = $"{random.NextItem(Topics.Actions)} {random.NextItem(Topics.Fields)} giai đoạn {agreedOn.Year}-{agreedOn.Year + 5}",
            Kind = random.NextItem(Enum.GetValues<CommitmentKind>()),
            MeetingId = meeting.Id,
            ProvinceIds = meeting.ProvinceIds,
            VoicedBy = IsOneOf(3) ? [new() { OfficialId = random.NextItem(officials).Id }] : [],
            Responsible = [.. meeting.ProvinceIds.Select(id => new Party { ProvinceId = id })],
            BeneficiaryIds = [meeting.ProvinceIds[1]],
            Quantity = hasPlan ? random.Next(1, 100) : null,
            Unit = hasPlan ? "công trình" : null,
            Period = new() { From = YearToPartialDate(agreedOn.Year), To = YearToPartialDate(agreedOn.Year + 5) },
            DueOn = DateToPartialDate(agreedOn.AddDays(random.Next(30, 2000))),
            Status = random.NextItem(Enum.GetValues<CommitmentStatus>()),
            StatusAsOf = meeting.HeldOn,
            Citations = CreateCitations("title", "meetingId", "provinceIds", "period", "status"),
        };
        commitmentIds.Add(commitment.Id);
        return commitment;
    }

    private Result NextResult()
    {
        var meeting = random.NextItem(meetings);
        return new()
        {
            Id = $"ket-qua-{meeting.ProvinceIds[0]}-{meeting.ProvinceIds[1]}-{NextNumber()}",
            Title = $"{random.NextItem(Topics.Deliveries)} {random.NextItem(Topics.Fields)} năm {GetDate(meeting).Year}",
            Kind = random.NextItem(Enum.GetValues<ResultKind>()),
            MeetingId = meeting.Id,
            ReportedAt = IsOneOf(3) ? meeting.Id : null,
            Fulfils = IsOneOf(3) ? [random.NextItem(commitmentIds)] : [],
            ProvinceIds = meeting.ProvinceIds,
            Amount = random.Next(1, 1000) * 10_000_000L,
            Currency = "VND",
            Period = new() { From = meeting.HeldOn, To = meeting.HeldOn },
            GiverId = meeting.ProvinceIds[0],
            ReceiverId = meeting.ProvinceIds[1],
            Citations = CreateCitations("title", "meetingId", "amount", "giverId", "receiverId"),
        };
    }

    /// <summary>Returns two different provinces that existed on a day.</summary>
    private (Province Host, Province Guest) PickProvincePair(DateOnly day)
    {
        var host = PickProvince(day);
        var guest = PickProvince(day);
        return host.Id == guest.Id ? PickProvincePair(day) : (host, guest);
    }

    private Province PickProvince(DateOnly day)
    {
        var province = random.NextItem(provinces);
        return Existed(province, day) ? province : PickProvince(day);
    }

    private static bool Existed(Province province, DateOnly day) => province.ValidFrom <= day && !(province.ValidTo < day);

    private DateOnly NextDate() => FirstDay.AddDays(random.Next(LastDay.DayNumber - FirstDay.DayNumber + 1));

    private int NextNumber() => ++lastNumber;

    /// <summary>Returns true with the probability of one in <paramref name="count"/>.</summary>
    private bool IsOneOf(int count) => random.Next(count) == 0;

    private Citation[] CreateCitations(params string[] supports) =>
        [new() { SourceId = Source.Id, Locator = $"bản ghi {lastNumber}", Supports = supports, Basis = CitationBasis.Referenced }];
#pragma warning restore CA5394

    private static DateOnly GetDate(Meeting meeting) => meeting.HeldOn!.Value.FirstDay!.Value;

    private static PartialDate DateToPartialDate(DateOnly day) => ParsePartialDate(day.ToIso());

    private static PartialDate YearToPartialDate(int year) => ParsePartialDate(year.ToString(CultureInfo.InvariantCulture));

    private static PartialDate ParsePartialDate(string text) =>
        PartialDate.TryParse(text, out var date) ? date : throw new ArgumentException(text, nameof(text));
}
