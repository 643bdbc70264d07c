using System.Globalization;
using System.Text;

namespace CooperationApi.Http.Problems;

/// <summary>Descriptions of characters in messages, because many of them are invisible or look alike.</summary>
internal static class CharacterNames
{
    private static readonly Dictionary<int, (string English, string Vietnamese)> Names = new()
    {
        [0x0009] = ("a tab", "ký tự tab"),
        [0x000A] = ("a line break", "ký tự xuống dòng"),
        [0x000D] = ("a line break", "ký tự xuống dòng"),
        [0x0020] = ("a space", "dấu cách"),
        [0x0022] = ("a straight quotation mark", "dấu ngoặc kép thẳng"),
        [0x0027] = ("a straight apostrophe", "dấu nháy đơn thẳng"),
        [0x002D] = ("a hyphen", "dấu gạch nối"),
        [0x00A0] = ("a no-break space", "dấu cách không ngắt"),
        [0x00AD] = ("a soft hyphen", "dấu gạch nối ẩn"),
        [0x200B] = ("a zero-width space", "dấu cách ẩn"),
        [0x200C] = ("a zero-width non-joiner", "ký tự ẩn ngăn nối chữ"),
        [0x200D] = ("a zero-width joiner", "ký tự ẩn nối chữ"),
        [0x2011] = ("a non-breaking hyphen", "dấu gạch nối không ngắt"),
        [0x2013] = ("an en dash", "dấu gạch ngang ngắn"),
        [0x2014] = ("an em dash", "dấu gạch ngang dài"),
        [0x2018] = ("a curly opening apostrophe", "dấu nháy đơn cong mở"),
        [0x2019] = ("a curly apostrophe", "dấu nháy đơn cong"),
        [0x201C] = ("a curly opening quotation mark", "dấu ngoặc kép cong mở"),
        [0x201D] = ("a curly closing quotation mark", "dấu ngoặc kép cong đóng"),
        [0x202F] = ("a narrow no-break space", "dấu cách hẹp không ngắt"),
        [0x2028] = ("a line separator", "ký tự ngắt dòng"),
        [0x2060] = ("a word joiner", "ký tự ẩn nối từ"),
        [0xFEFF] = ("a byte order mark", "ký tự đánh dấu thứ tự byte (BOM)"),
    };

    /// <summary>
    /// Returns the name, the character if it is visible, and the code point. An ASCII character without a name is returned alone.
    /// </summary>
    public static string Describe(Language language, Rune character)
    {
        var codePoint = string.Create(CultureInfo.InvariantCulture, $"U+{character.Value:X4}");
        var isVisible = Rune.IsLetterOrDigit(character) || Rune.IsPunctuation(character) || Rune.IsSymbol(character);
        if (Names.TryGetValue(character.Value, out var names))
        {
            var name = language == Language.Vietnamese ? names.Vietnamese : names.English;
            return isVisible ? $"{name} ({character}, {codePoint})" : $"{name} ({codePoint})";
        }
        if (character.IsAscii && !Rune.IsControl(character))
            return $"'{character}'";
        return isVisible ? $"'{character}' ({codePoint})" : codePoint;
    }
}
