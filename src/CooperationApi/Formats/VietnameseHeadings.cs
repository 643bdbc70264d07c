namespace CooperationApi.Formats;

/// <summary>What a workbook's columns are called in Vietnamese, by the members' names.</summary>
internal static class VietnameseHeadings
{
    private static readonly Dictionary<string, string> HeadingsByMember = new()
    {
        // Of all or several resources
        ["id"] = "Mã",
        ["revision"] = "Số thay đổi",
        ["citations"] = "Dẫn chứng",
        ["title"] = "Tiêu đề",
        ["titleEn"] = "Tiêu đề tiếng Anh",
        ["name"] = "Tên",
        ["nameEn"] = "Tên tiếng Anh",
        ["kind"] = "Loại",
        ["parentId"] = "Thuộc (mã)",
        ["provinceId"] = "Mã tỉnh, thành phố",
        ["provinceIds"] = "Mã các tỉnh, thành phố",
        ["officialId"] = "Mã cán bộ",
        ["meetingId"] = "Mã cuộc gặp",
        ["agreementId"] = "Mã thỏa thuận",
        ["groupIds"] = "Mã các nhóm hợp tác",
        ["commitmentId"] = "Mã cam kết",
        ["period"] = "Thời gian",
        ["unit"] = "Đơn vị tính",
        ["unitEn"] = "Đơn vị tính tiếng Anh",
        ["approximate"] = "Ước chừng",
        ["bound"] = "Tối thiểu hay tối đa",

        // Sources, and what rests on them
        ["publisher"] = "Nơi công bố",
        ["author"] = "Tác giả",
        ["url"] = "Địa chỉ",
        ["publishedOn"] = "Ngày công bố",
        ["language"] = "Ngôn ngữ",
        ["sha256"] = "Mã băm SHA-256",
        ["length"] = "Độ dài",
        ["note"] = "Ghi chú",
        ["type"] = "Loại bản ghi",
        ["ordinal"] = "Thứ tự",
        ["citation"] = "Dẫn chứng",

        // Of a record's history
        ["at"] = "Lúc",
        ["actor"] = "Người thực hiện",
        ["op"] = "Thao tác",
        ["reason"] = "Lý do",
        ["into"] = "Hợp nhất vào (mã)",
        ["redacted"] = "Đã xoá nội dung",
        ["changes"] = "Thay đổi",

        // What a search found
        ["link"] = "Địa chỉ bản ghi",
        ["snippet"] = "Đoạn trích",

        // The timeline
        ["on"] = "Ngày",
        ["until"] = "Đến ngày",
        ["event"] = "Sự kiện",
        ["otherProvinceIds"] = "Mã các tỉnh, thành phố liên quan",
        ["before"] = "Trước đó",
        ["after"] = "Sau đó",
        ["legalBasis"] = "Căn cứ pháp lý",

        // Provinces
        ["code"] = "Mã số",
        ["region"] = "Vùng",
        ["isoCode"] = "Mã ISO",
        ["validFrom"] = "Tồn tại từ ngày",
        ["validTo"] = "Tồn tại đến ngày",
        ["versions"] = "Các thời kỳ",
        ["predecessors"] = "Đơn vị tiền thân",
        ["successors"] = "Đơn vị kế thừa",

        // Officials
        ["aliases"] = "Cách viết khác",
        ["diacriticsShown"] = "Nguồn ghi đủ dấu",
        ["positions"] = "Chức vụ",

        // Meetings
        ["heldOn"] = "Ngày diễn ra",
        ["timeOfDay"] = "Buổi",
        ["place"] = "Địa điểm",
        ["participants"] = "Thành phần tham dự",
        ["attendance"] = "Số người dự",
        ["summary"] = "Tóm tắt",

        // Agreements and their groups
        ["adoptedOn"] = "Ngày thông qua",
        ["declaredGroups"] = "Số nhóm được nêu",
        ["laterDocuments"] = "Văn bản về sau",
        ["pillar"] = "Trụ cột",
        ["nameBasis"] = "Căn cứ tên gọi",
        ["themes"] = "Chủ đề",

        // Commitments
        ["voicedBy"] = "Người nêu",
        ["responsible"] = "Chịu trách nhiệm",
        ["dueOn"] = "Thời hạn",
        ["status"] = "Tình trạng",
        ["statusAsOf"] = "Tình trạng vào ngày",

        // Results
        ["quantity"] = "Số lượng",
        ["outOf"] = "Trên tổng số",
        ["amount"] = "Số tiền",
        ["currency"] = "Loại tiền",
        ["giverId"] = "Mã bên trao",
        ["giver"] = "Bên trao",
        ["receiverId"] = "Mã bên nhận",
        ["receiver"] = "Bên nhận",
        ["probablySameAs"] = "Có thể trùng với",

        // Indicators
        ["subject"] = "Đối tượng",
        ["value"] = "Giá trị",

        // Statements
        ["text"] = "Nội dung",
        ["about"] = "Nói về",
    };

    /// <summary>The heading of a member's column.</summary>
    public static string Get(string member) => HeadingsByMember[member];
}
