namespace CooperationApi.Pages.Charts;

/// <summary>
/// The places of the province units in a grid of equal tiles. The arrangement is the editors' own. It keeps the order of the country from
/// north to south and most neighbours side by side; it is no map of borders, areas or distances. The special zones Hoàng Sa of Đà Nẵng and
/// Trường Sa of Khánh Hòa have tiles of their own in the East Sea.
/// </summary>
internal static class TileArrangement
{
    /// <summary>The number of columns of the grid.</summary>
    public const int Columns = 8;

    // One line per row of the grid and one word per column: the id of a unit, `.` for an empty place, or `name=id` for a part of a unit,
    // which takes two columns.
    private const string Units2025 =
        """
        .         lai-chau      lao-cai-2025   tuyen-quang-2025 cao-bang       .               . .
        dien-bien son-la        phu-tho-2025   thai-nguyen-2025 lang-son       .               . .
        .         .             ha-noi         bac-ninh-2025    quang-ninh     .               . .
        .         .             .              hung-yen-2025    hai-phong-2025 .               . .
        .         .             thanh-hoa      ninh-binh-2025   .              .               . .
        .         .             nghe-an        .                .              .               . .
        .         .             .              ha-tinh          .              .               . .
        .         .             .              quang-tri-2025   .              .               . .
        .         .             .              .                hue            da-nang-2025    Hoàng_Sa=da-nang-2025
        .         .             .              .                .              quang-ngai-2025 . .
        .         .             .              .                .              gia-lai-2025    . .
        .         .             .              .                .              dak-lak-2025    . .
        .         .             tay-ninh-2025  dong-nai-2025    lam-dong-2025  khanh-hoa-2025  . .
        .         an-giang-2025 dong-thap-2025 ho-chi-minh-2025 .              .               Trường_Sa=khanh-hoa-2025
        .         can-tho-2025  vinh-long-2025 .                .              .               . .
        .         ca-mau-2025   .              .                .              .               . .
        """;

    private const string Units2024 =
        """
        .          lai-chau  lao-cai     ha-giang        cao-bang   .          . .
        dien-bien  yen-bai   tuyen-quang bac-kan         lang-son   .          . .
        son-la     phu-tho   vinh-phuc   thai-nguyen     bac-giang  quang-ninh . .
        .          hoa-binh  ha-noi      bac-ninh        hai-duong  hai-phong  . .
        .          .         ha-nam      hung-yen        thai-binh  .          . .
        .          thanh-hoa ninh-binh   nam-dinh        .          .          . .
        .          .         nghe-an     .               .          .          . .
        .          .         .           ha-tinh         .          .          . .
        .          .         .           quang-binh      .          .          . .
        .          .         .           quang-tri       .          .          . .
        .          .         .           .               hue        da-nang    Hoàng_Sa=da-nang
        .          .         .           .               .          quang-nam  . .
        .          .         .           .               kon-tum    quang-ngai . .
        .          .         .           .               gia-lai    binh-dinh  . .
        .          .         .           .               dak-lak    phu-yen    . .
        .          .         binh-phuoc  dak-nong        lam-dong   khanh-hoa  . .
        .          tay-ninh  binh-duong  dong-nai        binh-thuan ninh-thuan Trường_Sa=khanh-hoa
        .          long-an   ho-chi-minh ba-ria-vung-tau .          .          . .
        an-giang   dong-thap tien-giang  ben-tre         .          .          . .
        kien-giang can-tho   vinh-long   tra-vinh        .          .          . .
        .          hau-giang soc-trang   .               .          .          . .
        ca-mau     bac-lieu  .           .               .          .          . .
        """;

    private static readonly IReadOnlyList<Tile?> Tiles2025 = Parse(Units2025), Tiles2024 = Parse(Units2024);

    /// <summary>Returns the tiles, row by row; null for an empty place.</summary>
    public static IReadOnlyList<Tile?> Get(ProvinceEra era) => era == ProvinceEra.Current ? Tiles2025 : Tiles2024;

    /// <summary>Returns the ids of the units of an era.</summary>
    public static IEnumerable<string> GetUnitIds(ProvinceEra era) =>
        Get(era).OfType<Tile>().Where(tile => tile.PartName is null).Select(tile => tile.ProvinceId);

    private static IReadOnlyList<Tile?> Parse(string rows) =>
        [.. rows.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split('=') switch
        {
            ["."] => null,
            [var name, var provinceId] => new Tile(provinceId, name.Replace('_', ' ')),
            [var provinceId] => new Tile(provinceId, null),
            _ => throw new FormatException($"'{word}' is no tile."),
        })];
}

/// <summary>A tile: a province unit, or the named part of one.</summary>
internal sealed record Tile(string ProvinceId, string? PartName);
