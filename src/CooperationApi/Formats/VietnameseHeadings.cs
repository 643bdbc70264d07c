namespace CooperationApi.Formats;

/// <summary>The Vietnamese headings of workbook columns, by member name.</summary>
internal static class VietnameseHeadings
{
    private static readonly Dictionary<string, string> HeadingsByMember = new()
    {
        // Several resources
        ["id"] = "Mã",
        ["revision"] = "Phiên bản",
        ["citations"] = "Dẫn chứng",
        ["title"] = "Tiêu đề",
        ["titleEn"] = "Tiêu đề tiếng Anh",
        ["name"] = "Tên",
        ["nameEn"] = "Tên tiếng Anh",
        ["fullName"] = "Tên đầy đủ",
        ["kind"] = "Loại",
        ["parentId"] = "Mã bản ghi cấp trên",
        ["provinceId"] = "Mã tỉnh, thành phố",
        ["provinceIds"] = "Mã các tỉnh, thành phố",
        ["officialId"] = "Mã cán bộ",
        ["meetingId"] = "Mã cuộc gặp",
        ["agreementId"] = "Mã thỏa thuận",
        ["groupIds"] = "Mã các nhóm hợp tác",
        ["reportedAt"] = "Mã cuộc gặp báo cáo",
        ["reportedBy"] = "Bên báo cáo",
        ["period"] = "Thời gian",
        ["unit"] = "Đơn vị tính",
        ["unitEn"] = "Đơn vị tính tiếng Anh",
        ["approximate"] = "Ước chừng",
        ["bound"] = "Tối thiểu hoặc tối đa",

        // Sources and their citations
        ["publisher"] = "Đơn vị công bố",
        ["author"] = "Tác giả",
        ["url"] = "Địa chỉ URL",
        ["publishedOn"] = "Ngày công bố",
        ["language"] = "Ngôn ngữ",
        ["sha256"] = "Mã băm SHA-256",
        ["length"] = "Độ dài văn bản",
        ["note"] = "Ghi chú",
        ["type"] = "Loại bản ghi",
        ["ordinal"] = "Thứ tự",
        ["citation"] = "Dẫn chứng",

        // Revisions
        ["at"] = "Thời điểm",
        ["actor"] = "Người thực hiện",
        ["op"] = "Thao tác",
        ["reason"] = "Lý do",
        ["into"] = "Hợp nhất vào bản ghi (mã)",
        ["redacted"] = "Đã xóa vĩnh viễn",
        ["oldest"] = "Cũ nhất còn lưu",
        ["changes"] = "Nội dung thay đổi",

        // Search hits
        ["link"] = "Đường dẫn",
        ["snippet"] = "Đoạn trích",

        // Timeline
        ["on"] = "Ngày",
        ["until"] = "Đến ngày",
        ["event"] = "Sự kiện",
        ["otherProvinceIds"] = "Mã các tỉnh, thành phố liên quan",
        ["before"] = "Trước thay đổi",
        ["after"] = "Sau thay đổi",
        ["legalBasis"] = "Căn cứ pháp lý",

        // Provinces
        ["code"] = "Mã thống kê",
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

        // Agreements and cooperation groups
        ["adoptedOn"] = "Ngày thông qua",
        ["declaredGroups"] = "Số nhóm được nêu",
        ["laterDocuments"] = "Văn bản ban hành sau",
        ["pillar"] = "Trụ cột",
        ["nameBasis"] = "Căn cứ đặt tên",
        ["themes"] = "Chủ đề",

        // Commitments
        ["voicedBy"] = "Bên nêu",
        ["responsible"] = "Bên chịu trách nhiệm",
        ["beneficiaryIds"] = "Mã bên thụ hưởng",
        ["dueOn"] = "Thời hạn",
        ["status"] = "Tình trạng",
        ["statusAsOf"] = "Tình trạng tính đến ngày",

        // Results
        ["quantity"] = "Số lượng",
        ["fulfils"] = "Mã các cam kết được thực hiện",
        ["partOf"] = "Mã kết quả bao gồm kết quả này",
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

    /// <summary>Returns the heading of a member's column.</summary>
    public static string Get(string member) => HeadingsByMember[member];
}
