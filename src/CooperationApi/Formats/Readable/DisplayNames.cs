using CooperationApi.Contracts;
using CooperationApi.Http.Problems;

namespace CooperationApi.Formats.Readable;

/// <summary>The words that people read for enum values and resource types, in English and Vietnamese.</summary>
internal static class DisplayNames
{
    private static readonly Dictionary<Enum, (string English, string Vietnamese)> Names = new()
    {
        [ProvinceKind.Province] = ("Province", "Tỉnh"),
        [ProvinceKind.Municipality] = ("Municipality", "Thành phố trực thuộc trung ương"),

        [OrganizationKind.PartyCommittee] = ("Party committee", "Cấp ủy Đảng"),
        [OrganizationKind.PeoplesCouncil] = ("People's council", "Hội đồng nhân dân"),
        [OrganizationKind.PeoplesCommittee] = ("People's committee", "Ủy ban nhân dân"),
        [OrganizationKind.FatherlandFront] = ("Fatherland Front", "Mặt trận Tổ quốc"),
        [OrganizationKind.MassOrganization] = ("Mass organization", "Đoàn thể"),
        [OrganizationKind.Agency] = ("Agency", "Cơ quan, đơn vị"),
        [OrganizationKind.Delegation] = ("Delegation", "Đoàn đại biểu"),
        [OrganizationKind.Fund] = ("Fund", "Quỹ"),
        [OrganizationKind.Enterprise] = ("Enterprise", "Doanh nghiệp"),
        [OrganizationKind.Hospital] = ("Hospital", "Bệnh viện"),
        [OrganizationKind.School] = ("School", "Trường học"),
        [OrganizationKind.Press] = ("Press", "Cơ quan báo chí"),
        [OrganizationKind.Other] = ("Other", "Khác"),

        [MeetingKind.Conference] = ("Conference", "Hội nghị"),
        [MeetingKind.Visit] = ("Visit", "Chuyến thăm"),
        [MeetingKind.Ceremony] = ("Ceremony", "Buổi lễ"),
        [MeetingKind.Programme] = ("Programme", "Chương trình"),

        [TimeOfDay.Morning] = ("morning", "buổi sáng"),
        [TimeOfDay.Afternoon] = ("afternoon", "buổi chiều"),
        [TimeOfDay.Evening] = ("evening", "buổi tối"),

        [ParticipantRole.Host] = ("Host", "Chủ trì"),
        [ParticipantRole.Speaker] = ("Speaker", "Phát biểu"),
        [ParticipantRole.Rapporteur] = ("Rapporteur", "Trình bày báo cáo"),
        [ParticipantRole.Participant] = ("Participant", "Tham dự"),

        [ParticipantCapacity.Signatory] = ("signatory", "ký kết"),
        [ParticipantCapacity.Witness] = ("witness", "chứng kiến"),
        [ParticipantCapacity.Guest] = ("guest", "khách mời"),
        [ParticipantCapacity.HeadOfDelegation] = ("head of delegation", "trưởng đoàn"),

        [Pillar.PartyBuilding] = ("Party building", "Xây dựng Đảng và hệ thống chính trị"),
        [Pillar.SocioEconomic] = ("Socio-economic", "Kinh tế - xã hội"),

        [NameBasis.Stated] = ("Stated by the source", "Theo nguồn"),
        [NameBasis.Editorial] = ("Named by the editors", "Người biên tập đặt tên"),

        [CommitmentKind.Content] = ("Agreed content", "Nội dung hợp tác"),
        [CommitmentKind.Directive] = ("Directive", "Chỉ đạo"),
        [CommitmentKind.Assignment] = ("Assignment", "Giao nhiệm vụ"),
        [CommitmentKind.Recommendation] = ("Recommendation", "Đề nghị"),
        [CommitmentKind.Project] = ("Project", "Công trình, dự án"),
        [CommitmentKind.Document] = ("Document", "Văn bản"),

        [CommitmentStatus.Agreed] = ("Agreed", "Đã thống nhất"),
        [CommitmentStatus.Planned] = ("Planned", "Dự kiến"),
        [CommitmentStatus.InProgress] = ("In progress", "Đang thực hiện"),
        [CommitmentStatus.Done] = ("Done", "Đã hoàn thành"),
        [CommitmentStatus.Dropped] = ("Dropped", "Đã dừng"),
        [CommitmentStatus.Unknown] = ("Unknown", "Chưa rõ"),

        [ResultKind.Output] = ("Done together", "Kết quả thực hiện"),
        [ResultKind.Outcome] = ("Outcome", "Hiệu quả mang lại"),
        [ResultKind.Contribution] = ("Contribution", "Hỗ trợ, trao tặng"),

        [StatementKind.Appraisal] = ("Appraisal", "Đánh giá"),
        [StatementKind.Limitation] = ("Limitation", "Hạn chế"),
        [StatementKind.Principle] = ("Principle", "Nguyên tắc"),
        [StatementKind.Expectation] = ("Expectation", "Mong muốn"),

        [SourceKind.Press] = ("Press", "Báo chí"),
        [SourceKind.Official] = ("Official page", "Trang chính thức"),
        [SourceKind.Statistical] = ("Statistics", "Thống kê"),
        [SourceKind.Legal] = ("Legal act", "Văn bản pháp luật"),

        [CitationBasis.Stated] = ("Stated", "Nguồn nêu rõ"),
        [CitationBasis.Inferred] = ("Inferred", "Suy luận"),
        [CitationBasis.Referenced] = ("Referenced", "Dẫn chiếu"),

        [TimelineEvent.Held] = ("Held", "Diễn ra"),
        [TimelineEvent.Adopted] = ("Adopted", "Thông qua"),
        [TimelineEvent.Delivered] = ("Delivered", "Thực hiện"),
        [TimelineEvent.Given] = ("Given", "Trao tặng"),
        [TimelineEvent.Formed] = ("Formed", "Thành lập"),
        [TimelineEvent.Renamed] = ("Renamed", "Đổi tên"),
        [TimelineEvent.KindChanged] = ("Kind changed", "Đổi loại đơn vị"),
        [TimelineEvent.Merged] = ("Merged", "Sáp nhập"),
        [TimelineEvent.Ended] = ("Ended", "Chấm dứt"),
    };

    private static readonly Dictionary<string, (string English, string Vietnamese)> TypeNames = new()
    {
        ["provinces"] = ("Provinces", "Tỉnh, thành phố"),
        ["organizations"] = ("Organizations", "Cơ quan, tổ chức"),
        ["officials"] = ("Officials", "Cán bộ"),
        ["meetings"] = ("Meetings", "Cuộc gặp"),
        ["agreements"] = ("Agreements", "Thỏa thuận"),
        ["cooperation-groups"] = ("Cooperation groups", "Nhóm hợp tác"),
        ["commitments"] = ("Commitments", "Cam kết"),
        ["results"] = ("Results", "Kết quả"),
        ["indicators"] = ("Indicators", "Chỉ tiêu"),
        ["statements"] = ("Statements", "Phát biểu, nhận định"),
        ["sources"] = ("Sources", "Nguồn"),
        ["citations"] = ("Citations", "Dẫn chứng"),
        ["revisions"] = ("Revisions", "Lịch sử thay đổi"),
        ["search"] = ("Search results", "Kết quả tìm kiếm"),
        ["timeline"] = ("Timeline", "Trình tự thời gian"),
    };

    /// <summary>Returns the words for an enum value.</summary>
    public static string Get(Enum value, Language language) => Select(Names[value], language);

    /// <summary>Returns the plural name of a resource type or of the items of another list.</summary>
    public static string GetTypeName(string type, Language language) => Select(TypeNames[type], language);

    private static string Select((string English, string Vietnamese) name, Language language) =>
        language == Language.Vietnamese ? name.Vietnamese : name.English;
}
