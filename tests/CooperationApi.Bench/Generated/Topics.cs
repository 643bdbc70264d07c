namespace CooperationApi.Bench.Generated;

/// <summary>The Vietnamese phrases for generated titles, posts and summaries.</summary>
internal static class Topics
{
    public static readonly IReadOnlyList<string> Posts =
    [
        "Bí thư Tỉnh ủy", "Phó Bí thư Thường trực Tỉnh ủy", "Chủ tịch HĐND tỉnh", "Chủ tịch UBND tỉnh", "Phó Chủ tịch UBND tỉnh",
        "Giám đốc Sở Công Thương",
    ];

    public static readonly IReadOnlyList<string> Fields =
    [
        "phát triển công nghiệp", "xúc tiến đầu tư và thương mại", "nông nghiệp công nghệ cao", "văn hóa, thể thao và du lịch",
        "giáo dục và đào tạo", "y tế, chăm sóc sức khỏe nhân dân", "giao thông liên vùng", "bảo vệ môi trường", "chuyển đổi số",
        "an sinh xã hội", "xây dựng Đảng",
    ];

    public static readonly IReadOnlyList<string> Actions =
    [
        "Tăng cường chia sẻ kinh nghiệm về", "Phối hợp tổ chức hội nghị về", "Xây dựng chương trình phối hợp về",
        "Hỗ trợ đào tạo cán bộ về",
        "Kết nối doanh nghiệp trong lĩnh vực",
    ];

    public static readonly IReadOnlyList<string> Deliveries =
        ["Hoàn thành đề án về", "Ký kết bản ghi nhớ về", "Trao tặng kinh phí hỗ trợ", "Bàn giao công trình phục vụ",
            "Tổ chức lớp tập huấn về"];
}
