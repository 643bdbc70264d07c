namespace CooperationApi.Formats;

/// <summary>A text, a URL, or both. A workbook shows a URL without a text as an arrow.</summary>
internal readonly record struct LinkedText(string? Text, string? Url = null)
{
    public static implicit operator LinkedText(string? text) => new(text);
}
