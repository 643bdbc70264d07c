namespace CooperationApi.Bench.Generated;

/// <summary>Names of people that nobody bears in particular, put together from common parts.</summary>
internal static class VietnameseNames
{
    private static readonly string[] Family =
        ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Trịnh"];

    private static readonly string[] Middle =
        ["Văn", "Thị", "Hữu", "Đức", "Minh", "Quang", "Thanh", "Ngọc", "Xuân", "Hồng", "Công", "Đình", "Thu", "Bá", "Trọng", "Thế", "Kim", "Quốc"];

    private static readonly string[] Given =
    [
        "An", "Ánh", "Bình", "Chiến", "Cường", "Dũng", "Đạt", "Giang", "Hà", "Hải", "Hạnh", "Hòa", "Hùng", "Hương", "Khánh", "Lan", "Linh", "Long",
        "Mai", "Nam", "Nga", "Phong", "Phương", "Sơn", "Tâm", "Thắng", "Thủy", "Toàn", "Trung", "Tuấn", "Vinh", "Yến",
    ];

    public static string Next(Random random) => $"{random.Among(Family)} {random.Among(Middle)} {random.Among(Given)}";

    /// <summary>One of several, each as likely as the others.</summary>
    public static T Among<T>(this Random random, IReadOnlyList<T> several) => several[random.Next(several.Count)];
}
