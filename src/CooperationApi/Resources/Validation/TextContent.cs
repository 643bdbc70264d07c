namespace CooperationApi.Resources.Validation;

/// <summary>
/// The required content of a text: Words (a letter or digit), Symbols (any visible character, as in the unit `%`), Quote (a letter or
/// digit; all other characters as in the source).
/// </summary>
internal enum TextContent
{
    Words,
    Symbols,
    Quote,
}
