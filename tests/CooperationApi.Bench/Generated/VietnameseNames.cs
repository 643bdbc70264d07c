namespace CooperationApi.Bench.Generated;

/// <summary>Generates names of fictitious people from common Vietnamese family, middle and given names.</summary>
internal static class VietnameseNames
{
    private static readonly string[] FamilyNames =
        ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh",
            "Trịnh"];

    private static readonly string[] MiddleNames =
        ["Văn", "Thị", "Hữu", "Đức", "Minh", "Quang", "Thanh", "Ngọc", "Xuân", "Hồng", "Công", "Đình", "Thu", "Bá", "Trọng", "Thế", "Kim",
            "Quốc"];

    private static readonly string[] GivenNames =
    [
        "An", "Ánh", "Bình", "Chiến", "Cường", "Dũng", "Đạt", "Giang", "Hà", "Hải", "Hạnh", "Hòa", "Hùng", "Hương", "Khánh", "Lan", "Linh",
        "Long",
        "Mai", "Nam", "Nga", "Phong", "Phương", "Sơn", "Tâm", "Thắng", "Thủy", "Toàn", "Trung", "Tuấn", "Vinh", "Yến",
    ];

    public static string Generate(Random random) =>
        $"{random.NextItem(FamilyNames)} {random.NextItem(MiddleNames)} {random.NextItem(GivenNames)}";

    /// <summary>Returns a random item; all items are equally likely.</summary>
    public static T NextItem<T>(this Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];
}
